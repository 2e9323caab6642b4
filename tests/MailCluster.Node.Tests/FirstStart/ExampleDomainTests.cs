using MailCluster.Mail.Addresses;
using MailCluster.Node.FirstStart;
using MailCluster.Node.Tests.Fakes;
using MailCluster.Storage;
using MailCluster.Storage.Directory;
using MailCluster.Storage.Sqlite;

namespace MailCluster.Node.Tests.FirstStart;

public sealed class ExampleDomainTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task The_first_start_makes_bob_and_alice_with_passwords_that_work()
    {
        await using var storage = await OpenAsync();

        var created = await ExampleDomain.CreateIfEmptyAsync(storage.Administration, default);

        Assert.NotNull(created);
        Assert.Equal("bob@hamburger.edu alice@hamburger.edu", string.Join(' ', created.Accounts.Select(a => a.Address)));
        foreach (var account in created.Accounts)
        {
            var credentials = await storage.Directory.FindCredentialsAsync(account.Address.ToString(), default);
            Assert.True(credentials!.Verifier.Matches(account.Password));
            Assert.DoesNotContain(account.Password, account.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Mail_for_the_postmaster_goes_to_bob()
    {
        await using var storage = await OpenAsync();
        await ExampleDomain.CreateIfEmptyAsync(storage.Administration, default);

        var postmaster = new ForwardPath(MailAddress.Parse("postmaster@hamburger.edu"));
        var resolution = await storage.Directory.ResolveAsync(postmaster, default);

        var found = Assert.IsType<Resolution.Found>(resolution);
        Assert.Equal("<bob@hamburger.edu>", Assert.Single(found.Recipients).Path.ToString());
    }

    [Fact]
    public async Task A_start_with_any_domain_makes_nothing()
    {
        await using var storage = await OpenAsync();
        await storage.Administration.AddDomainAsync(DomainName.Parse("crepes.fr"), default);

        Assert.Null(await ExampleDomain.CreateIfEmptyAsync(storage.Administration, default));
        Assert.Equal(DomainName.Parse("crepes.fr"), Assert.Single(await storage.Administration.ListDomainsAsync(default)));
    }

    [Fact]
    public void Passwords_are_readable_and_differ()
    {
        var passwords = Enumerable.Range(0, 200).Select(_ => ReadablePassword.New()).ToArray();

        Assert.All(passwords, password => Assert.Matches("^[a-z]{4}-[a-z]{4}-[a-z]{4}-[a-z]{4}$", password));
        Assert.Equal(passwords.Length, passwords.Distinct().Count());
    }

    public void Dispose() => _folder.Dispose();

    private Task<MailStorage> OpenAsync() =>
        SqliteStorage.OpenAsync(new SqliteStorageOptions(_folder.Path), TimeProvider.System);
}
