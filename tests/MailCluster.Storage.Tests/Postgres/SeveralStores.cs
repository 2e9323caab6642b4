using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;
using MailCluster.Storage.Mailboxes;
using MailCluster.Storage.Tests.Contract;

namespace MailCluster.Storage.Tests.Postgres;

/// <summary>Three nodes on one database: what the store promises to one must hold for all together.</summary>
public sealed class SeveralStores : PostgresTest, IAsyncLifetime
{
    private readonly List<ITestStorage> _stores = [];

    async Task IAsyncLifetime.InitializeAsync()
    {
        await InitializeAsync();
        _stores.AddRange([Storage, await Storage.OpenAnotherAsync(), await Storage.OpenAnotherAsync()]);
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        foreach (var store in _stores.Skip(1))
        {
            await store.DisposeAsync();
        }

        await DisposeAsync();
    }

    [SkippableFact]
    public async Task Deposits_in_one_mailbox_get_every_number_once_and_the_quota_is_exact()
    {
        var account = await AddAccountAsync("bob@hamburger.edu", 200 * 1000);
        var body = await SpoolAsync(Octets(100));
        var outcomes = await FromAllAsync(100, (store, i, node) => store.Mailboxes.StoreAsync(
            account, [Copy(body, recipient: $"r{node}.{i}@hamburger.edu")], default));
        Assert.Equal(200, outcomes.Count(outcome => outcome[0] == StoreOutcome.Stored));
        Assert.Equal(100, outcomes.Count(outcome => outcome[0] == StoreOutcome.OverQuota));
        Assert.Equal(200_000, await Mailboxes.GetUsedBytesAsync(account, default));
        Assert.Equal(Enumerable.Range(1, 200).Select(uid => new Uid((uint)uid)), await UidsAsync(account));
        Assert.Equal(200, await SqlAsync<long>("SELECT count(DISTINCT modseq) FROM message"));
        Assert.Equal(0, await SqlAsync<long>(
            "SELECT count(*) FROM message a JOIN message b ON a.uid < b.uid AND a.modseq >= b.modseq"));
        await AssertWholeAsync();
    }

    [SkippableFact]
    public async Task Deposits_and_expunges_never_give_a_number_twice_and_changes_only_grow()
    {
        var account = await AddAccountAsync("bob@hamburger.edu");
        var body = await SpoolAsync(Octets(100));
        var seen = new HashSet<Uid>();
        for (var round = 0; round < 10; round++)
        {
            var stored = FromAllAsync(5, (store, i, node) => store.Mailboxes.StoreAsync(
                account, [Copy(body, recipient: $"{round}.{node}.{i}@hamburger.edu")], default));
            var gone = await FromAllAsync(1, (store, _, _) => store.Mailboxes.ExpungeInboxAsync(account, seen, default));
            Assert.Equal(seen.Order(), gone.SelectMany(uids => uids).Order());
            await stored;
            var fresh = await UidsAsync(account);
            Assert.True(round == 0 || fresh[0] > seen.Max());
            seen = [.. fresh];
        }

        Assert.Equal(0, await SqlAsync<long>("""
            SELECT count(*) FROM expunged e JOIN message m ON m.folder_id = e.folder_id AND m.modseq = e.modseq
            """));
        Assert.Equal(1 + 150 + 135, await SqlAsync<long>("SELECT highest_modseq FROM folder WHERE name = 'INBOX'"));
        await AssertWholeAsync();
    }

    [SkippableFact]
    public async Task One_delivery_given_to_several_stores_at_once_is_stored_once()
    {
        var account = await AddAccountAsync("bob@hamburger.edu");
        var body = await SpoolAsync(Octets(100));
        var copies = Enumerable.Range(0, 50).Select(i => Copy(body, recipient: $"r{i}@hamburger.edu")).ToArray();
        var outcomes = await FromAllAsync(
            copies.Length, (store, i, _) => store.Mailboxes.StoreAsync(account, [copies[i]], default));
        Assert.Equal(copies.Length, outcomes.Count(outcome => outcome[0] == StoreOutcome.Stored));
        Assert.Equal(2 * copies.Length, outcomes.Count(outcome => outcome[0] == StoreOutcome.AlreadyStored));
        Assert.Equal(copies.Length, (await UidsAsync(account)).Length);
        await AssertWholeAsync();
    }

    /// <summary>Groups lock accounts as their items come, so that nodes meet crosswise.</summary>
    [SkippableFact]
    public async Task Groups_that_lock_each_other_are_sorted_out_and_nobody_hears_of_it()
    {
        var a = await AddAccountAsync("a@hamburger.edu");
        var b = await AddAccountAsync("b@hamburger.edu");
        var body = await SpoolAsync(Octets(100));
        var sent = new List<Task<System.Collections.Immutable.ImmutableArray<StoreOutcome>>>();
        await using var other = await ConnectAsync();
        await using (await LockAsync(other, a, b))
        {
            for (var node = 0; node < 2; node++)
            {
                // The first makes the writer wait, so that the others form a group.
                var (first, second) = node == 0 ? (a, b) : (b, a);
                sent.AddRange(((AccountId[])[first, first, second]).Select((account, i) => _stores[node].Mailboxes.StoreAsync(
                    account, [Copy(body, recipient: $"r{node}.{i}@hamburger.edu")], default)));
            }

            await BlockedAsync(2);
        }

        var outcomes = await Task.WhenAll(sent).WaitAsync(Patience);
        Assert.All(outcomes, outcome => Assert.Equal(StoreOutcome.Stored, Assert.Single(outcome)));
        await AssertWholeAsync();
    }

    [SkippableFact]
    public async Task Bodies_of_several_nodes_never_get_each_others_places()
    {
        var bodies = await FromAllAsync(30, async (store, i, node) =>
        {
            var (id, octets) = (NewBody(node), Octets(i * 10_000, (node * 100) + i));
            await using var writer = store.Spool.Create(id);
            await writer.WriteAsync(octets, default);
            await writer.CommitAsync(default);
            return (id, octets);
        });
        foreach (var (id, octets) in bodies)
        {
            Assert.Equal(octets, await ReadAsync(id));
        }

        await AssertWholeAsync();
    }

    [SkippableFact]
    public async Task Releases_and_sweeps_of_all_at_once_delete_each_body_once_and_nothing_that_is_needed()
    {
        var account = await AddAccountAsync("bob@hamburger.edu");
        var ids = new List<BodyId>();
        for (var i = 0; i < 30; i++)
        {
            ids.Add(await SpoolAsync(Octets(i * 5000)));
        }

        var kept = ids.Take(10).ToArray();
        await Mailboxes.StoreAsync(account, [.. kept.Select(id => Copy(id))], default);
        var sweeps = FromAllAsync(5, (store, _, _) => store.Spool.SweepAsync(Time.GetUtcNow().AddDays(2), default));
        await FromAllAsync(30, async (store, i, _) =>
        {
            await store.Spool.ReleaseAsync([ids[i]], default);
            return true;
        });
        await sweeps;
        Assert.Equal(10, await SqlAsync<long>("SELECT count(*) FROM body WHERE state = 2"));
        await AssertWholeAsync();

        // The last reference and the sweeps meet: the bodies go, once.
        var uids = await UidsAsync(account);
        await FromAllAsync(10, async (store, i, node) => node == 0
            ? (await store.Mailboxes.ExpungeInboxAsync(account, [uids[i]], default)).Length
            : await store.Spool.SweepAsync(Time.GetUtcNow(), default));
        Assert.Equal(0, await SqlAsync<long>("SELECT count(*) FROM body"));
        Assert.Equal(0, await SqlAsync<long>("SELECT count(*) FROM chunk"));
    }

    /// <summary>A slow sender, and a node whose clock is wrong or whose sweep is too eager.</summary>
    [SkippableFact]
    public async Task A_body_that_is_swept_while_it_is_written_fails_and_leaves_no_chunk()
    {
        var writer = Spool.Create(NewBody());
        await using (writer)
        {
            await writer.WriteAsync(Octets(70_000), default);
            Assert.Equal(1, await _stores[1].Spool.SweepAsync(Time.GetUtcNow().AddDays(2), default));
            await FailureAsync(writer.WriteAsync(Octets(70_000), default).AsTask());
            await FailureAsync(writer.WriteAsync(Octets(70_000), default).AsTask());
            Assert.NotNull(await FailureAsync(writer.CommitAsync(default)));
        }

        Assert.Equal(0, await SqlAsync<long>("SELECT count(*) FROM chunk"));
    }

    private async Task<TResult[]> FromAllAsync<TResult>(int count, Func<ITestStorage, int, int, Task<TResult>> call) =>
        await Task.WhenAll(
            from i in Enumerable.Range(0, count)
            from node in Enumerable.Range(0, _stores.Count)
            select Task.Run(() => call(_stores[node], i, node))).WaitAsync(Patience);

    private static async Task<IAsyncDisposable> LockAsync(Npgsql.NpgsqlConnection connection, params AccountId[] accounts)
    {
        var transaction = await connection.BeginTransactionAsync();
        foreach (var account in accounts)
        {
            await SqlAsync<long>(connection, $"SELECT id FROM account WHERE id = {account.Value} FOR UPDATE");
        }

        return transaction;
    }
}
