using System.Collections.Immutable;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Sasl;
using MailCluster.Storage.Directory;

namespace MailCluster.Node.FirstStart;

/// <summary>
/// What somebody finds who starts the program for the first time: the domain of the textbooks, and two users. Holds
/// their passwords, to be printed once and never logged.
/// </summary>
internal sealed record ExampleDomain(ImmutableArray<NewLogin> Accounts)
{
    public static readonly DomainName Name = DomainName.Parse("hamburger.edu");

    private static readonly ImmutableArray<string> Users = ["bob", "alice"];

    /// <summary>Makes domain and users where there is no domain at all; null where there is one.</summary>
    public static async Task<ExampleDomain?> CreateIfEmptyAsync(
        IDirectoryAdministration administration, CancellationToken cancellation)
    {
        if ((await administration.ListDomainsAsync(cancellation)).Length > 0)
        {
            return null;
        }

        try
        {
            await administration.AddDomainAsync(Name, cancellation);
        }
        catch (DirectoryException)
        {
            return null; // Another node of the same database has been faster.
        }

        var accounts = Users
            .Select(user => new NewLogin(new MailAddress(user, Name), ReadablePassword.New()))
            .ToImmutableArray();
        foreach (var account in accounts)
        {
            await administration.AddAccountAsync(
                account.Address, ScramVerifier.Create(account.Password), quotaBytes: null, cancellation);
        }

        // RFC 5321 §4.5.1: a domain has a postmaster.
        await administration.AddAliasAsync(new AliasSource("postmaster", Name), [accounts[0].Address], cancellation);
        return new ExampleDomain(accounts);
    }
}
