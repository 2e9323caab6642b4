using System.Globalization;
using System.Net;
using MailCluster.Faults.Cluster;
using MailCluster.Faults.Load;

namespace MailCluster.Faults.Scenarios;

/// <summary>How much is done, and with what dice.</summary>
internal sealed record FaultSettings(bool Full, int Seed)
{
    public T Choose<T>(T bounded, T full) => Full ? full : bounded;
}

/// <summary>A run of one kind of fault, under load, with a count of every message at its end.</summary>
internal abstract class Scenario(FaultSettings settings) : IDisposable
{
    private const int Senders = 10;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan DrainPatience = TimeSpan.FromMinutes(2);

    private CancellationTokenSource _load = new();
    private Task[] _senders = [];

    public abstract string Name { get; }

    protected FaultSettings Settings { get; } = settings;

    protected Random Random { get; } = new(settings.Seed);

    /// <summary>What this machine lacks for it, or null.</summary>
    public virtual Task<string?> FindMissingAsync() =>
        Task.FromResult(Testing.PostgresServer.Missing ?? SourceSender.Missing);

    /// <summary>Lines with the figures; throws where something that must hold did not.</summary>
    public abstract Task RunAsync(Report report);

    public void Dispose() => _load.Dispose();

    // Whoever is known counts, also one that is down: a sender has to find out.
    protected void StartLoad(FaultCluster cluster) =>
        StartLoad(() => [.. cluster.Nodes.Select(node => node.Smtp)], cluster.Ledger);

    /// <param name="nodes">Asked for each new connection.</param>
    /// <param name="ledger">Where the senders write.</param>
    protected void StartLoad(Func<IPEndPoint[]> nodes, Ledger ledger)
    {
        _load = new CancellationTokenSource();
        _senders =
        [
            .. Enumerable.Range(0, Senders).Select(i => new LedgerSender(
                string.Create(CultureInfo.InvariantCulture, $"s{i}"), nodes, ledger, Pace).RunAsync(_load.Token)),
            new SourceSender(nodes, $"alice@{FaultCluster.Domain}", ledger).RunAsync(_load.Token),
        ];
    }

    /// <summary>Stops the load, waits until the queue is empty, and counts.</summary>
    protected async Task SettleAsync(FaultCluster cluster, Report report)
    {
        await StopLoadAsync();
        await cluster.WaitUntilWholeAsync();
        var node = cluster.Running.First();
        await CountAsync(node.Api, node.Pop3s, cluster.Ledger, cluster.Folder, report);
    }

    protected async Task StopLoadAsync()
    {
        await _load.CancelAsync();
        await Task.WhenAll(_senders);
    }

    /// <summary>Waits until the queue is empty, reads both maildrops, and counts.</summary>
    protected async Task CountAsync(NodeApi node, IPEndPoint pop3s, Ledger ledger, string logs, Report report)
    {
        try
        {
            await Wait.UntilAsync("the queue is empty", () => IsEmptyAsync(node), DrainPatience);
        }
        catch (FaultException stuck)
        {
            throw new FaultException($"{stuck.Message}; {await node.DescribeQueueAsync()}; logs in {logs}");
        }

        await Maildrop.ReadAsync(pop3s, "bob", ledger.Arrive);
        await Maildrop.ReadAsync(pop3s, "alice", ledger.Bounce);
        report.Count(Name, ledger);
    }

    private static async Task<bool> IsEmptyAsync(NodeApi node)
    {
        try
        {
            return await node.CountQueuedAsync() == 0;
        }
        catch (Exception silent) when (silent is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }
}
