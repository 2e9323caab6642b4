using System.Globalization;
using MailCluster.Faults.Cluster;
using Npgsql;

namespace MailCluster.Faults.Scenarios;

/// <summary>SIGSTOP for half a minute, as a long pause of a virtual machine: the node wakes up, finds itself shut out, and
/// writes nothing of what it believed to own.</summary>
internal sealed class PauseScenario(FaultSettings settings) : Scenario(settings)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RejoinPatience = TimeSpan.FromSeconds(60);

    public override string Name => "pause";

    public override async Task RunAsync(Report report)
    {
        // Every event stays, so that its writer can be looked up.
        await using var cluster = await FaultCluster.StartAsync(
            3, new LoopbackNetwork(), null, "Queue:EventsPerSnapshot=1000000");
        StartLoad(cluster);
        for (var round = 1; round <= Settings.Choose(1, 5); round++)
        {
            await Task.Delay(TimeSpan.FromSeconds(3));
            var node = cluster.Nodes[Random.Next(cluster.Nodes.Count)];
            var partitions = await node.GetPartitionsAsync();
            var writers = await WritersAsync(cluster, partitions);
            await node.SignalAsync("STOP");
            await Task.Delay(Pause);
            var woken = DateTimeOffset.UtcNow;
            await node.SignalAsync("CONT");
            await Wait.UntilAsync("the node says that it was shut out", () => HasSaidAsync(node, round), RejoinPatience);
            await cluster.WaitUntilWholeAsync();
            var late = await CountWrittenAsync(cluster, writers, woken);
            report.Note($"{Name}: round {round}, node {node.Number} with {partitions.Length} partitions found itself shut out and is back; "
                + $"{late} events by its former self after it woke");
            if (late > 0)
            {
                throw new FaultException($"the paused node wrote {late} events after it woke");
            }
        }

        await SettleAsync(cluster, report);
    }

    private static async Task<bool> HasSaidAsync(ClusterNode node, int times) =>
        (await File.ReadAllLinesAsync(node.Log)).Count(line => line.Contains("shut out", StringComparison.Ordinal)) >= times
        && node.IsRunning;

    /// <summary>The journals of the processes that wrote last to these partitions.</summary>
    private static async Task<string[]> WritersAsync(FaultCluster cluster, int[] partitions)
    {
        var names = string.Join(',', partitions.Select(p => string.Create(CultureInfo.InvariantCulture, $"'queue-{p}'")));
        var writers = new List<string>();
        await QueryAsync(
            cluster,
            "SELECT DISTINCT ON (persistence_id) writer_uuid FROM journal WHERE persistence_id IN (" + names + ")"
            + " ORDER BY persistence_id, sequence_number DESC",
            row => writers.Add(row.GetString(0)));
        return [.. writers.Distinct()];
    }

    private static async Task<long> CountWrittenAsync(FaultCluster cluster, string[] writers, DateTimeOffset since)
    {
        var count = 0L;
        var names = string.Join(',', writers.Select(writer => $"'{writer}'"));
        await QueryAsync(
            cluster,
            string.Create(
                CultureInfo.InvariantCulture,
                $"SELECT count(*) FROM journal WHERE writer_uuid IN ({names}) AND created >= {since.ToUnixTimeMilliseconds()}"),
            row => count = row.GetInt64(0));
        return count;
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
