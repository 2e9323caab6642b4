using System.Diagnostics;
using MailCluster.Mail.Identity;
using MailCluster.Storage.Mailboxes;
using MailCluster.Storage.Postgres;
using Npgsql;

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

    /// <summary>Its connection stays, as that of a machine without power does: no end of it reaches the server.</summary>
    [SkippableFact]
    public async Task What_a_lost_machine_had_locked_is_free_within_seconds()
    {
        var account = await AddAccountAsync("bob@hamburger.edu");
        await using var cable = new Cable(new NpgsqlConnectionStringBuilder(Postgres.ConnectionString));
        await using var lost = await PostgresTestStorage.OpenAsync(
            $"{Postgres.ConnectionString};Host=127.0.0.1;Port={cable.Port};Timeout=2;Command Timeout=10", Time);
        await StoreAsync(lost, account);
        await using var other = await ConnectAsync();
        Task<StorageException?> storing;
        await using (await other.BeginTransactionAsync())
        {
            await SqlAsync<object>(other, "LOCK TABLE folder IN ACCESS EXCLUSIVE MODE");
            storing = FailureAsync(StoreAsync(lost, account));
            await BlockedAsync(); // It has locked the account, and waits for the table.
            cable.Cut();
        }

        var asked = Stopwatch.StartNew();
        Assert.Single(await Mailboxes.StoreAsync(account, [Copy(NewBody())], default), StoreOutcome.Stored);
        Assert.True(asked.Elapsed < TimeSpan.FromSeconds(15), $"free after {asked.Elapsed}");
        Assert.Equal(2, (await UidsAsync(account)).Length);
        Assert.NotNull(await storing);
    }

    /// <summary>The journal is written by a library that sets no limit of ours: the connection string does.</summary>
    [SkippableFact]
    public async Task A_number_of_the_journal_that_a_lost_machine_had_begun_to_write_is_free_within_seconds()
    {
        const string Write = "INSERT INTO journal (created, deleted, persistence_id, sequence_number, message)"
            + " VALUES (0, false, 'queue-0', 1, '')";
        await using var cable = new Cable(new NpgsqlConnectionStringBuilder(Postgres.ConnectionString));
        var journal = PostgresConnectionString.TryParse(
            $"{Postgres.ConnectionString};Host=127.0.0.1;Port={cable.Port};Pooling=false;Command Timeout=2")!.JournalText;
        await using var lost = new NpgsqlConnection(journal);
        await lost.OpenAsync();
        await SqlAsync<object>(lost, "BEGIN");
        await SqlAsync<object>(lost, Write);
        cable.Cut();

        await using var other = await ConnectAsync();
        var asked = Stopwatch.StartNew();
        await SqlAsync<object>(other, Write);
        Assert.True(asked.Elapsed < TimeSpan.FromSeconds(15), $"free after {asked.Elapsed}");
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
