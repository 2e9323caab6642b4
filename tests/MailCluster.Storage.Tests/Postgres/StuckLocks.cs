using System.Diagnostics;
using MailCluster.Mail.Identity;
using MailCluster.Storage.Mailboxes;

namespace MailCluster.Storage.Tests.Postgres;

/// <summary>Another node hangs in the middle of a transaction: the server lives, and its locks stay.</summary>
public sealed class StuckLocks : PostgresTest
{
    private const int Locked = 20;

    /// <summary>The first call, the group behind it, and two tried alone; twice that, for a busy machine.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(8);

    [SkippableFact]
    public async Task Many_that_wait_for_stuck_locks_are_answered_within_a_few_time_outs()
    {
        var free = await AddAccountAsync("free@x.y");
        var locked = await AddLockedAsync();
        await using var hurried = await PostgresTestStorage.OpenAsync(
            Postgres.ConnectionString + ";Command Timeout=1", Time);
        await hurried.Mailboxes.StoreAsync(free, [], default); // Prunes the delivery log, in a group with nobody.
        await using var other = await ConnectAsync();
        var asked = new Stopwatch();
        Task<StorageException?>[] waiting;
        Task before;
        await using (await other.BeginTransactionAsync())
        {
            await SqlAsync<long>(
                other, $"SELECT count(*) FROM (SELECT 1 FROM account WHERE id <> {free.Value} FOR UPDATE) l");
            asked.Start();
            var first = FailureAsync(StoreAsync(hurried, locked[0]));
            await BlockedAsync();
            before = StoreAsync(hurried, free); // Ahead of the stuck ones, in their group.
            waiting = [first, .. locked[1..].Select(account => FailureAsync(StoreAsync(hurried, account)))];

            Assert.All(await Task.WhenAll(waiting), Assert.NotNull);
            Assert.True(asked.Elapsed < Bound, $"answered after {asked.Elapsed}");
            await before.WaitAsync(Patience);
        }

        foreach (var account in locked)
        {
            await StoreAsync(hurried, account);
            Assert.Single(await UidsAsync(account));
        }

        Assert.Single(await UidsAsync(free));
        await AssertWholeAsync();
    }

    private async Task<AccountId[]> AddLockedAsync()
    {
        var accounts = new AccountId[Locked];
        for (var i = 0; i < Locked; i++)
        {
            accounts[i] = await AddAccountAsync($"locked{i}@x.y");
        }

        return accounts;
    }

    private async Task StoreAsync(MailStorage store, AccountId account) => Assert.Equal(
        StoreOutcome.Stored, Assert.Single(await store.Mailboxes.StoreAsync(account, [Copy(NewBody())], default)));
}
