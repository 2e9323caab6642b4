using System.Diagnostics;
using MailCluster.Mail.Identity;
using MailCluster.Storage.Mailboxes;
using MailCluster.Storage.Tests.Contract;
using MailCluster.Testing;

namespace MailCluster.Storage.Tests.Postgres;

/// <summary>The server crashes, stays away, comes back; or it is there and answers nothing.</summary>
public sealed class ServerGone(ServerGone.Server server) : PostgresTest, IClassFixture<ServerGone.Server>
{
    /// <summary>Seconds for a connection and for a command, in place of the 5 and 20 that nodes use.</summary>
    private const string TimeOuts = ";Timeout=1;Command Timeout=2";

    /// <summary>A command, the word that it is to end, and one new connection, each to its time-out; and a busy machine.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(2 + 2 + 1 + 5);

    [SkippableFact]
    public async Task What_was_acknowledged_before_a_crash_is_there_and_all_goes_on_by_itself()
    {
        var account = await AddAccountAsync("bob@hamburger.edu");
        using var enough = new CancellationTokenSource();
        var senders = Enumerable.Range(0, 8).Select(i => Task.Run(() => SendAsync(account, i, enough.Token))).ToArray();
        for (var i = 0; i < 2; i++)
        {
            await MoreMailAsync();
            await server.Postgres.CrashAsync();
            var asked = Stopwatch.StartNew();
            Assert.NotNull(await FailureAsync(SpoolAsync(Octets(100))));
            Assert.NotNull(await FailureAsync(Spool.ListHeldAsync(0, default)));
            Assert.NotNull(await FailureAsync(Mailboxes.ListInboxAsync(account, default)));
            Assert.NotNull(await FailureAsync(Postgres.Membership.ConfirmAsync("node", default)));
            Assert.True(asked.Elapsed < Bound, $"refused after {asked.Elapsed}");
            await server.Postgres.StartAsync();
        }

        await MoreMailAsync();
        await enough.CancelAsync();
        var sent = (await Task.WhenAll(senders).WaitAsync(Patience)).SelectMany(ids => ids).ToArray();
        foreach (var (id, octets) in sent)
        {
            Assert.Equal(octets, await ReadAsync(id));
        }

        await AssertWholeAsync();
    }

    /// <summary>A sequence goes back over what no committed transaction has taken from it.</summary>
    [SkippableFact]
    public async Task Places_that_were_given_just_before_a_crash_are_given_to_one_store_alone()
    {
        await using var other = await Storage.OpenAnotherAsync();
        await using (var elsewhere = await ConnectAsync())
        {
            await using var transaction = await elsewhere.BeginTransactionAsync();
            await SqlAsync<object>(elsewhere, "LOCK TABLE body IN EXCLUSIVE MODE");
            var spooling = FailureAsync(SpoolAsync(Octets(100)));
            await BlockedAsync(); // It has drawn its places and not committed.
            await server.Postgres.CrashAsync();
            Assert.NotNull(await spooling);
            await Assert.ThrowsAnyAsync<Exception>(() => transaction.CommitAsync());
        }

        await server.Postgres.StartAsync();
        for (var i = 0; i < 3; i++)
        {
            var theirs = NewBody();
            await using (var writer = other.Spool.Create(theirs))
            {
                await writer.WriteAsync(Octets(200_000, i), default);
                await writer.CommitAsync(default);
            }

            var ours = await SpoolAsync(Octets(200_000, 10 + i));
            Assert.Equal(Octets(200_000, i), await ReadAsync(theirs));
            Assert.Equal(Octets(200_000, 10 + i), await ReadAsync(ours));
        }

        await AssertWholeAsync();
    }

    [SkippableFact]
    public async Task However_many_ask_a_server_that_hangs_all_are_answered_within_the_time_outs_of_one()
    {
        var account = await AddAccountAsync("bob@hamburger.edu");
        var id = await SpoolAsync(Octets(100));
        Assert.Single(await Mailboxes.StoreAsync(account, [Copy(id)], default));
        await UidsAsync(account);
        await server.Postgres.HangAsync();
        try
        {
            var asked = Stopwatch.StartNew();
            var asking = Enumerable.Range(0, 600).Select(i => FailureAsync(Ask(i))).ToArray();
            Assert.All(await Task.WhenAll(asking), Assert.NotNull);
            Assert.True(asked.Elapsed < Bound, $"answered after {asked.Elapsed}");
        }
        finally
        {
            await server.Postgres.GoOnAsync();
        }

        await SpoolAsync(Octets(100));
        Assert.NotNull(await ReadAsync(id));
        Assert.Contains(
            await StoreAsync(account, Copy(id, recipient: "r2@x.y")), (StoreOutcome[])[StoreOutcome.Stored, StoreOutcome.AlreadyStored]);
        await AssertWholeAsync();

        Task Ask(int i) => (i % 3) switch
        {
            0 => SpoolAsync(Octets(100)),
            1 => Spool.OpenAsync(id, default),
            _ => StoreAsync(account, Copy(id, recipient: $"r{i}@x.y")),
        };
    }

    [SkippableFact]
    public async Task While_the_server_hangs_the_directory_answers_what_it_knows_and_asks_once_a_second()
    {
        await AddAccountAsync("bob@hamburger.edu");
        Assert.True(await Directory.IsLocalDomainAsync(Home, default));
        Time.Advance(TimeSpan.FromSeconds(2));
        await server.Postgres.HangAsync();
        try
        {
            var first = Directory.IsLocalDomainAsync(Home, default).AsTask();
            Time.Advance(TimeSpan.FromSeconds(20)); // As long as the first waits for the server.
            Assert.True(await first.WaitAsync(Patience));
            var second = Directory.IsLocalDomainAsync(Home, default).AsTask();
            Assert.True(second.IsCompleted, "asked the server again at once");
            Assert.True(await second);
        }
        finally
        {
            await server.Postgres.GoOnAsync();
        }
    }

    protected override async Task<ITestStorage> OpenAsync(TimeProvider time)
    {
        Skip.If(PostgresServer.Missing is not null, PostgresServer.Missing);
        return await PostgresTestStorage.OpenOnAsync(server.Postgres, time, TimeOuts);
    }

    /// <summary>Sends until it is enough; returns what was acknowledged.</summary>
    private async Task<List<(BodyId Id, byte[] Octets)>> SendAsync(AccountId account, int seed, CancellationToken enough)
    {
        var sent = new List<(BodyId, byte[])>();
        while (!enough.IsCancellationRequested)
        {
            var (id, octets) = (NewBody(), Octets(1000 + (seed * 20_000), seed));
            if (await FailureAsync(SpoolAsync(id, octets)) is null)
            {
                sent.Add((id, octets));
                await FailureAsync(StoreAsync(account, Copy(id)));
            }
        }

        return sent;
    }

    private async Task MoreMailAsync()
    {
        var before = await SqlAsync<long>("SELECT count(*) FROM message");
        await UntilAsync("more mail", async () => await SqlAsync<long>("SELECT count(*) FROM message") > before + 20);
    }

    /// <summary>One for the tests of this class, which run one after the other.</summary>
    public sealed class Server : IAsyncLifetime
    {
        public PostgresServer Postgres { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            if (PostgresServer.Missing is null)
            {
                // What nobody commits is not on disk before the crash of a test.
                Postgres = await PostgresServer.StartAsync("fsync=off", "wal_writer_delay=10s");
            }
        }

        public async Task DisposeAsync()
        {
            if (Postgres is not null)
            {
                await Postgres.DisposeAsync();
            }
        }
    }
}
