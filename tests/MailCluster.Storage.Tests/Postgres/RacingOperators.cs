using System.Collections.Immutable;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Identity;
using MailCluster.Storage.Directory;
using MailCluster.Storage.Mailboxes;

namespace MailCluster.Storage.Tests.Postgres;

/// <summary>Operators at several nodes change the same names at once: one wins, the other is told in plain words.</summary>
public sealed class RacingOperators : PostgresTest
{
    private const int Rounds = 20;

    private static readonly MailAddress Bob = MailAddress.Parse("bob@hamburger.edu");

    [SkippableFact]
    public async Task One_of_two_adds_a_domain()
    {
        await using var other = await Storage.OpenAnotherAsync();
        for (var round = 0; round < Rounds; round++)
        {
            await AssertOneIsRefusedAsync(
                "exists already",
                Administration.AddDomainAsync(Home, default),
                other.Administration.AddDomainAsync(Home, default));
            await Administration.RemoveDomainAsync(Home, default);
        }
    }

    [SkippableFact]
    public async Task One_of_two_adds_an_account()
    {
        await using var other = await Storage.OpenAnotherAsync();
        await Administration.AddDomainAsync(Home, default);
        for (var round = 0; round < Rounds; round++)
        {
            await AssertOneIsRefusedAsync(
                "exists already",
                Administration.AddAccountAsync(Bob, Verifier, null, default),
                other.Administration.AddAccountAsync(Bob, Verifier, null, default));
            await Administration.RemoveAccountAsync(Bob, default);
        }
    }

    [SkippableFact]
    public async Task A_name_becomes_an_account_or_an_alias_and_never_both()
    {
        await using var other = await Storage.OpenAnotherAsync();
        await Administration.AddDomainAsync(Home, default);
        for (var round = 0; round < Rounds; round++)
        {
            var alias = new AliasSource(Bob.LocalPart, Bob.Domain);
            await AssertOneIsRefusedAsync(
                "an a", // "is an account", "is an alias"
                Administration.AddAccountAsync(Bob, Verifier, null, default),
                other.Administration.AddAliasAsync(alias, [MailAddress.Parse("x@y.z")], default));
            await Task.WhenAll(
                IgnoreRefusalAsync(Administration.RemoveAccountAsync(Bob, default)),
                IgnoreRefusalAsync(other.Administration.RemoveAliasAsync(alias, null, default)));
        }
    }

    [SkippableFact]
    public async Task A_domain_that_goes_while_an_account_comes_is_gone_or_stays()
    {
        await using var other = await Storage.OpenAnotherAsync();
        for (var round = 0; round < Rounds; round++)
        {
            await IgnoreRefusalAsync(Administration.AddDomainAsync(Home, default));
            await AssertOneIsRefusedAsync(
                "domain",
                Administration.AddAccountAsync(Bob, Verifier, null, default),
                other.Administration.RemoveDomainAsync(Home, default));
            await IgnoreRefusalAsync(Administration.RemoveAccountAsync(Bob, default));
        }
    }

    [SkippableFact]
    public async Task An_account_goes_while_its_mail_comes()
    {
        await using var other = await Storage.OpenAnotherAsync();
        for (var round = 0; round < Rounds; round++)
        {
            var account = await AddAccountAsync("bob@hamburger.edu");
            var storing = Enumerable.Range(0, 20)
                .Select(i => Task.Run(() => other.Mailboxes.StoreAsync(
                    account, [Copy(NewBody(), recipient: $"r{i}@hamburger.edu")], default)))
                .ToArray();
            await Task.WhenAny(storing);
            await Administration.RemoveAccountAsync(Bob, default);
            Assert.All(
                await Task.WhenAll(storing).WaitAsync(Patience),
                outcome => Assert.Contains(outcome[0], ImmutableArray.Create(StoreOutcome.Stored, StoreOutcome.NoSuchAccount)));
            Assert.Equal(0, await SqlAsync<long>("SELECT count(*) FROM message"));
        }
    }

    [SkippableFact]
    public async Task A_change_that_waits_for_another_sees_what_that_one_did()
    {
        await Administration.AddDomainAsync(Home, default);
        await using var elsewhere = await ConnectAsync();
        Task<AccountId> adding;
        await using (var transaction = await elsewhere.BeginTransactionAsync())
        {
            await SqlAsync<object>(elsewhere, "UPDATE directory_version SET version = version + 1");
            await SqlAsync<object>(
                elsewhere, "INSERT INTO alias (domain_id, local_part, target) SELECT id, 'bob', 'x@y.z' FROM domain");
            adding = Administration.AddAccountAsync(Bob, Verifier, null, default);
            await BlockedAsync();
            await transaction.CommitAsync();
        }

        var refusal = await Assert.ThrowsAsync<DirectoryException>(() => adding.WaitAsync(Patience));
        Assert.Equal("bob@hamburger.edu is an alias.", refusal.Message);
    }

    private static async Task AssertOneIsRefusedAsync(string why, params Task[] changes)
    {
        var refusals = new List<DirectoryException>();
        foreach (var change in changes)
        {
            try
            {
                await change.WaitAsync(Patience);
            }
            catch (DirectoryException refusal)
            {
                refusals.Add(refusal);
            }
        }

        Assert.Contains(why, Assert.Single(refusals).Message, StringComparison.Ordinal);
    }

    private static async Task IgnoreRefusalAsync(Task change)
    {
        try
        {
            await change.WaitAsync(Patience);
        }
        catch (DirectoryException)
        {
            // The other of two has won: there is nothing to undo here.
        }
    }
}
