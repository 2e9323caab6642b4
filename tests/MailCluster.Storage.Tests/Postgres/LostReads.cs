using MailCluster.Storage.Spool;
using Npgsql;

namespace MailCluster.Storage.Tests.Postgres;

/// <summary>A connection ends while its query waits for the answer.</summary>
public sealed class LostReads : PostgresTest
{
    private const int Chunk = 64 * 1024;

    private ISpoolReader? _reader;

    /// <summary>Each kind has threads and connections of its own; the table is what its query stands before.</summary>
    public static TheoryData<string, string> Kinds => new()
    {
        { "body", "chunk" },
        { "mailbox", "message" },
        { "directory", "domain" },
    };

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task A_read_whose_connection_ends_is_answered_rightly_or_fails(string kind, string table)
    {
        var read = await PrepareAsync(kind);
        await using var other = await ConnectAsync();
        Task<int> reading;
        await using (await LockAsync(other, table))
        {
            reading = read();
            await BlockedAsync();
            Assert.Equal(1, await TerminateAsync("wait_event_type = 'Lock'"));
        }

        // A connection that was used before may have died idle: its query is asked once more. A new one's is not.
        if (await FailureAsync(reading) is null)
        {
            Assert.Equal(1, await reading);
        }

        Assert.Equal(1, await (await PrepareAsync(kind))());
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task A_read_whose_connections_all_end_fails_and_the_next_goes_well(string kind, string table)
    {
        var read = await PrepareAsync(kind);
        await using var other = await ConnectAsync();
        await using (await LockAsync(other, table))
        {
            var reading = read();
            await UntilAsync("the end of a read without a connection", async () =>
            {
                await TerminateAsync("wait_event_type = 'Lock'");
                return reading.IsCompleted;
            });
            Assert.NotNull(await FailureAsync(reading));
        }

        Assert.Equal(1, await (await PrepareAsync(kind))());
    }

    private static async Task<IAsyncDisposable> LockAsync(NpgsqlConnection connection, string table)
    {
        var transaction = await connection.BeginTransactionAsync();
        await SqlAsync<object>(connection, $"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE");
        return transaction;
    }

    /// <summary>A read that answers with one where all is well.</summary>
    private async Task<Func<Task<int>>> PrepareAsync(string kind)
    {
        if (kind == "directory")
        {
            await MakeSureOfHomeAsync();
            return async () => (await Administration.ListDomainsAsync(default)).Count(domain => domain == Home);
        }

        if (kind == "mailbox")
        {
            var account = await AddAccountAsync($"{Guid.NewGuid():N}@x.y");
            await StoreAsync(account, Copy(NewBody()));
            return async () => (await UidsAsync(account)).Length;
        }

        var octets = Octets(2 * Chunk);
        _reader = (await Spool.OpenAsync(await SpoolAsync(octets), default))!;
        await _reader.ReadAsync(default);
        return async () => (await _reader.ReadAsync(default)).Span.SequenceEqual(octets.AsSpan(Chunk)) ? 1 : 0;
    }

    private async Task MakeSureOfHomeAsync()
    {
        if (!(await Administration.ListDomainsAsync(default)).Contains(Home))
        {
            await Administration.AddDomainAsync(Home, default);
        }
    }
}
