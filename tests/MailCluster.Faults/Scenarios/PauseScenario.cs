using System.Globalization;
using MailCluster.Faults.Cluster;
using Npgsql;

namespace MailCluster.Faults.Scenarios;

/// <summary>SIGSTOP for half a minute, as a long pause of a virtual machine: the node wakes up, finds itself shut out, and
/// writes nothing of what it believed to own.</summary>
internal sealed class PauseScenario(FaultSettings settings) : Scenario(settings)
{
    private const string ShutOutLine = "shut out";

    /// <summary>Who wrote when, by the database's clock, since events behind a snapshot go.</summary>
    private const string RecordsWriters =
        """
        CREATE TABLE journal_writer (writer text, at timestamptz);
        CREATE FUNCTION record_writer() RETURNS trigger LANGUAGE plpgsql AS $record$
        BEGIN
            INSERT INTO journal_writer SELECT DISTINCT writer_uuid, clock_timestamp() FROM written;
            RETURN NULL;
        END
        $record$;
        CREATE TRIGGER record_writer AFTER INSERT ON journal REFERENCING NEW TABLE AS written
            FOR EACH STATEMENT EXECUTE FUNCTION record_writer();
        """;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    /// <summary>Long enough for each node to have written something.</summary>
    private static readonly TimeSpan Recently = TimeSpan.FromSeconds(5);

    /// <summary>What a node had sent before it fell asleep.</summary>
    private static readonly TimeSpan OnTheWay = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan RejoinPatience = TimeSpan.FromSeconds(60);

    public override string Name => "pause";

    public override async Task RunAsync(Report report)
    {
        // Often, so that what a sleeper would write next has been deleted when it wakes up.
        await using var cluster = await FaultCluster.StartAsync(3, new LoopbackNetwork(), null, "Queue:EventsPerSnapshot=100");
        await cluster.Postgres.ExecuteAsync(RecordsWriters);
        StartLoad(cluster);
        for (var round = 1; round <= Settings.Choose(1, 5); round++)
        {
            await cluster.WaitUntilSharedAsync();
            await Task.Delay(Recently);
            var node = cluster.Nodes[Random.Next(cluster.Nodes.Count)];
            var restarts = node.CountLogged(ShutOutLine);
            var stopped = DateTimeOffset.UtcNow;
            await node.SignalAsync("STOP");
            await Task.Delay(Pause);
            var woken = DateTimeOffset.UtcNow;
            var writers = (await WritersAsync(cluster, stopped - Recently, stopped))
                .Except(await WritersAsync(cluster, stopped + OnTheWay, woken)).ToArray();
            await node.SignalAsync("CONT");
            await Wait.UntilAsync("the node says that it was shut out",
                () => Task.FromResult(node.CountLogged(ShutOutLine) > restarts), RejoinPatience);
            await cluster.WaitUntilWholeAsync();
            var late = (await WritersAsync(cluster, woken, DateTimeOffset.UtcNow)).Intersect(writers).Count();
            report.Note($"{Name}: round {round}, node {node.Number} found itself shut out and is back; {writers.Length} journal "
                + $"fell silent with it, {late} wrote again after it woke");
            if (writers.Length == 0)
            {
                throw new FaultException("nothing was measured: the paused node had written nothing before");
            }

            if (late > 0)
            {
                throw new FaultException("the paused node wrote as its former self after it woke");
            }
        }

        await SettleAsync(cluster, report);
    }

    /// <summary>The journals of processes that wrote in this time; each process has one.</summary>
    private static async Task<List<string>> WritersAsync(FaultCluster cluster, DateTimeOffset from, DateTimeOffset to)
    {
        var writers = new List<string>();
        await QueryAsync(
            cluster,
            string.Create(
                CultureInfo.InvariantCulture,
                $"SELECT DISTINCT writer FROM journal_writer WHERE at >= '{from:O}' AND at < '{to:O}'"),
            row => writers.Add(row.GetString(0)));
        return writers;
    }

    private static async Task QueryAsync(FaultCluster cluster, string sql, Action<NpgsqlDataReader> read)
    {
        await using var connection = new NpgsqlConnection(cluster.Postgres.ConnectionString() + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Numbers and ids of this run.
        command.CommandText = sql;
#pragma warning restore CA2100
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
            read(rows);
        }
    }
}
