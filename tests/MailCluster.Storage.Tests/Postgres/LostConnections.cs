using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;
using MailCluster.Storage.Mailboxes;

namespace MailCluster.Storage.Tests.Postgres;

/// <summary>An operator, a proxy or a restart ends connections while the server stays reachable.</summary>
public sealed class LostConnections : PostgresTest
{
    private const int Chunk = 64 * 1024;

    [SkippableFact]
    public async Task Nobody_hears_of_connections_that_ended_while_they_were_idle()
    {
        var account = await AddAccountAsync("bob@hamburger.edu");
        var id = await SpoolAsync(Octets(3 * Chunk));
        for (var i = 0; i < 3; i++)
        {
            await UseEverythingAsync(account, id);
            Assert.InRange(await TerminateAsync(), 4, int.MaxValue);
        }

        await UseEverythingAsync(account, id);
        await AssertWholeAsync();
    }

    [SkippableFact]
    public async Task A_call_alone_whose_connection_ends_fails_and_the_next_goes_well()
    {
        var account = await AddAccountAsync("bob@hamburger.edu");
        var copy = Copy(await SpoolAsync(Octets(100)));
        await StoreNothingAsync(account);
        await using var other = await ConnectAsync();
        await using (await LockAsync(other, account))
        {
            var storing = StoreAsync(account, copy);
            await BlockedAsync();
            await TerminateAsync("wait_event_type = 'Lock'");
            Assert.NotNull(await FailureAsync(storing));
        }

        Assert.Empty(await UidsAsync(account));
        Assert.Equal(StoreOutcome.Stored, await StoreAsync(account, copy));
        await AssertWholeAsync();
    }

    [SkippableFact]
    public async Task A_group_whose_connection_ends_half_way_is_done_again_and_nothing_twice()
    {
        var locked = await AddAccountAsync("locked@hamburger.edu");
        var free = await AddAccountAsync("free@hamburger.edu");
        var body = await SpoolAsync(Octets(100));
        await StoreNothingAsync(free);
        await using var other = await ConnectAsync();
        Task<StoreOutcome> first, half;
        Task<StoreOutcome>[] rest;
        await using (await LockAsync(other, locked))
        {
            first = StoreAsync(locked, Copy(body, recipient: "first@hamburger.edu"));
            await BlockedAsync();
            var before = Enumerable.Range(0, 20).Select(i => StoreAsync(free, Copy(body, recipient: $"b{i}@x.y"))).ToArray();
            half = StoreAsync(locked, Copy(body, recipient: "half@hamburger.edu"));
            var behind = Enumerable.Range(0, 20).Select(i => StoreAsync(free, Copy(body, recipient: $"a{i}@x.y"))).ToArray();
            rest = [.. before, .. behind];

            await TerminateAsync("wait_event_type = 'Lock'");
            Assert.NotNull(await FailureAsync(first));
            await BlockedAsync(); // The next group stands before the locked account, with half of its work done.
            await TerminateAsync("wait_event_type = 'Lock'");
            await Task.WhenAll(before).WaitAsync(Patience);
        }

        Assert.All(await Task.WhenAll(rest).WaitAsync(Patience), outcome => Assert.Equal(StoreOutcome.Stored, outcome));
        Assert.Equal(StoreOutcome.Stored, await half.WaitAsync(Patience));
        Assert.Equal(Enumerable.Range(1, 40).Select(uid => new Uid((uint)uid)), await UidsAsync(free));
        Assert.Single(await UidsAsync(locked));
        await AssertWholeAsync();
    }

    /// <summary>Senders and mailboxes go on while all connections end again and again.</summary>
    [SkippableFact]
    public async Task What_was_acknowledged_is_there_and_what_failed_is_whole_or_not_there()
    {
        AccountId[] accounts =
            [await AddAccountAsync("a@x.y"), await AddAccountAsync("b@x.y"), await AddAccountAsync("c@x.y")];
        using var enough = new CancellationTokenSource();
        var senders = Enumerable.Range(0, 8).Select(i => Task.Run(() => SendAsync(accounts[i % 3], i, enough.Token))).ToArray();
        for (var i = 0; i < 20; i++)
        {
            var done = await SqlAsync<long>("SELECT count(*) FROM message");
            await UntilAsync("more mail", async () => await SqlAsync<long>("SELECT count(*) FROM message") > done + 5);
            await TerminateAsync();
        }

        await enough.CancelAsync();
        var sent = (await Task.WhenAll(senders).WaitAsync(Patience)).SelectMany(bodies => bodies).ToArray();
        Assert.Contains(sent, body => body.IsAcknowledged);
        foreach (var (id, octets, isAcknowledged) in sent)
        {
            var found = await ReadAsync(id);
            Assert.True(found is null ? !isAcknowledged : octets.AsSpan().SequenceEqual(found));
        }

        await AssertWholeAsync();
        Assert.Equal(
            await SqlAsync<long>("SELECT count(*) FROM delivery"), await SqlAsync<long>("SELECT count(*) FROM message"));
        await Spool.SweepAsync(Time.GetUtcNow().AddDays(2), default);
        Assert.Equal(0, await SqlAsync<long>("SELECT count(*) FROM body WHERE state = 0"));
    }

    private async Task<List<(BodyId Id, byte[] Octets, bool IsAcknowledged)>> SendAsync(
        AccountId account, int seed, CancellationToken enough)
    {
        var sent = new List<(BodyId, byte[], bool)>();
        var random = new Random(seed);
        while (!enough.IsCancellationRequested)
        {
            var id = NewBody();
            var octets = Octets(random.Next(1, 3 * Chunk), seed);
            var spooling = await FailureAsync(SpoolAsync(id, octets));
            sent.Add((id, octets, spooling is null));
            if (spooling is null)
            {
                await FailureAsync(StoreAsync(account, Copy(id)));
            }
        }

        return sent;
    }

    private async Task UseEverythingAsync(AccountId account, BodyId id)
    {
        await SpoolAsync(Octets(100));
        Assert.NotNull(await ReadAsync(id));
        await Mailboxes.StoreAsync(account, [Copy(id)], default);
        await UidsAsync(account);
        Assert.True(await Directory.IsLocalDomainAsync(Home, default));
        await Administration.ListDomainsAsync(default);
        await Postgres.Membership.ConfirmAsync("node", default);
    }

    /// <summary>The first call also looks for old entries of the delivery log, which would make a group with a second.</summary>
    private Task StoreNothingAsync(AccountId account) => Mailboxes.StoreAsync(account, [], default);

    private static async Task<IAsyncDisposable> LockAsync(Npgsql.NpgsqlConnection connection, AccountId account)
    {
        var transaction = await connection.BeginTransactionAsync();
        await SqlAsync<long>(connection, $"SELECT id FROM account WHERE id = {account.Value} FOR UPDATE");
        return transaction;
    }
}
