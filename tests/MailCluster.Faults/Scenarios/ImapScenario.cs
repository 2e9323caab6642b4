using System.Diagnostics;
using MailCluster.Faults.Cluster;
using MailCluster.Faults.Load.Imap;

namespace MailCluster.Faults.Scenarios;

/// <summary>
/// kill -9 of nodes that own mailboxes, in turn, while clients at all nodes append, store flags, expunge and idle. Nothing
/// that was acknowledged is lost or numbered twice, and clients at other nodes hear NO [UNAVAILABLE] or wait, and nothing
/// else. Bounded it is one node, which the dice choose.
/// </summary>
internal sealed class ImapScenario(FaultSettings settings) : Scenario(settings)
{
    private const int Nodes = 3;

    /// <summary>A client that had to wait no longer had no mailbox on the node that was killed.</summary>
    private static readonly TimeSpan RealPause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Undisturbed = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan GoOnPatience = TimeSpan.FromSeconds(45);

    private static readonly TimeSpan NoticePatience = TimeSpan.FromSeconds(15);

    /// <summary>
    /// For a notice behind the longest pause: a client whose node died hears where it goes on of what was changed before.
    /// </summary>
    private static readonly TimeSpan NoticeSlack = TimeSpan.FromSeconds(5);

    private static readonly string[] MoreUsers = ["carol", "dave"];

    public override string Name => "imap";

    public override Task<string?> FindMissingAsync() => Task.FromResult(Testing.PostgresServer.Missing);

    public override async Task RunAsync(Report report)
    {
        using var writing = new CancellationTokenSource();
        using var idling = new CancellationTokenSource();
        await using var cluster = await FaultCluster.StartAsync(Nodes, new LoopbackNetwork());
        await cluster.AddUsersAsync(MoreUsers);
        ImapLedger[] ledgers = [.. ((string[])["bob", "alice", .. MoreUsers]).Select(user => new ImapLedger(user))];
        ImapIdler[][] idlers =
            [.. ledgers.Select(ledger => cluster.Nodes.Select(node => new ImapIdler(cluster, node, ledger)).ToArray())];
        var idle = idlers.SelectMany(of => of).Select(idler => idler.RunAsync(idling.Token)).ToArray();
        await Task.WhenAll(idlers.SelectMany(of => of).Select(idler => idler.Idling));
        ImapWriter[] writers =
            [.. ledgers.SelectMany(ledger => cluster.Nodes.Select(node => new ImapWriter(cluster, node, ledger)))];
        var load = writers.Select(writer => writer.RunAsync(writing.Token)).ToArray();
        var longest = TimeSpan.Zero;
        var first = Random.Next(Nodes);
        for (var round = 1; round <= Settings.Choose(1, 15); round++)
        {
            await Task.Delay(Undisturbed);
            var pause = await KillAsync(report, cluster, writers, round, cluster.Nodes[(first + round) % Nodes]);
            longest = pause > longest ? pause : longest;
        }

        await writing.CancelAsync();
        await Task.WhenAll(load);
        await JudgeAsync(report, cluster, ledgers, idlers, longest);
        report.Note($"{Name}: longest pause that a client saw: {longest.TotalSeconds:0.0} s");
        await idling.CancelAsync();
        await Task.WhenAll(idle);
    }

    /// <summary>The longest pause of any client in it.</summary>
    private async Task<TimeSpan> KillAsync(
        Report report, FaultCluster cluster, ImapWriter[] writers, int round, ClusterNode node)
    {
        foreach (var writer in writers)
        {
            writer.Pauses.Forget();
        }

        var clock = Stopwatch.StartNew();
        await node.KillAsync();
        var killedAt = Stopwatch.GetTimestamp();
        await cluster.WaitUntilWholeAsync();
        await Wait.UntilAsync(
            "all clients go on",
            () => Task.FromResult(writers.All(writer => writer.Pauses.AcknowledgedAt > killedAt)),
            GoOnPatience);
        var over = clock.Elapsed;
        await node.StartAsync();
        await cluster.WaitUntilWholeAsync();
        var stayed = writers.Max(writer => writer.Pauses.Longest);
        var moved = writers.Max(writer => writer.Pauses.LongestMove);
        report.Note($"{Name}: round {round}, without {node.Number} all clients go on after {over.TotalSeconds:0.0} s, whole "
            + $"again after {clock.Elapsed.TotalSeconds:0.0} s; longest pause of a client of another node "
            + $"{stayed.TotalSeconds:0.0} s, of one that had to go to another {moved.TotalSeconds:0.0} s");
        return stayed >= RealPause
            ? stayed > moved ? stayed : moved
            : throw new FaultException($"nothing was measured: no client of another node missed node {node.Number}");
    }

    private async Task JudgeAsync(
        Report report, FaultCluster cluster, ImapLedger[] ledgers, ImapIdler[][] idlers, TimeSpan pause)
    {
        var slowest = TimeSpan.Zero;
        for (var i = 0; i < ledgers.Length; i++)
        {
            var ledger = ledgers[i];
            var count = await ImapJudge.JudgeAsync(cluster.Nodes[i % Nodes], ledger);
            await WaitUntilCountedAsync(ledger.User, idlers[i], count);
            foreach (var delay in idlers[i].SelectMany(idler => Delays(idler, ledger)))
            {
                slowest = delay > slowest ? delay : slowest;
            }
        }

        report.Note($"{Name}: {ledgers.Sum(l => l.Appends.Count)} messages appended, {ledgers.Sum(l => l.Changes.Count)} flag "
            + $"changes, {ledgers.Sum(l => l.Expunged.Count)} expunged, all acknowledged; NO [UNAVAILABLE] "
            + $"{ledgers.Sum(l => l.Unavailable)} times; an idle client heard of a change {slowest.TotalSeconds:0.0} s late at most");
        var wrong = ledgers.SelectMany(ledger => ledger.Wrong).ToArray();
        if (wrong.Length > 0 || slowest > pause + NoticeSlack)
        {
            throw new FaultException(
                $"{wrong.Length} things were wrong, such as {string.Join("; ", wrong.Take(5))}; logs in {cluster.Folder}");
        }
    }

    private static async Task WaitUntilCountedAsync(string user, ImapIdler[] idlers, int count)
    {
        try
        {
            await Wait.UntilAsync(
                $"idle clients of {user} count {count} messages",
                () => Task.FromResult(Array.TrueForAll(idlers, idler => idler.Count == count)), NoticePatience);
        }
        catch (FaultException late)
        {
            throw new FaultException($"{late.Message}; they count {string.Join(", ", idlers.Select(idler => idler.Count))}");
        }
    }

    /// <summary>Of all acknowledged changes of messages that one idle client must have heard of.</summary>
    private static IEnumerable<TimeSpan> Delays(ImapIdler idler, ImapLedger ledger)
    {
        var expunged = ledger.Expunged.Select(gone => (Uid: gone.Key, ModSeq: long.MaxValue, At: gone.Value));
        var changed = ledger.Changes.Select(change => (change.Uid, change.ModSeq, At: change.AcknowledgedAt));
        foreach (var (uid, modseq, at) in expunged.Concat(changed))
        {
            if (idler.FindDelay(uid, modseq, at) is { } delay)
            {
                yield return delay;
            }
            else if (idler.HasHeardOf(uid) || !ledger.MayBeGone(uid))
            {
                var change = modseq == long.MaxValue ? "that it is gone" : $"MODSEQ {modseq}";
                ledger.NoteWrong($"an idle client never heard of UID {uid} {change}");
            }
        }
    }
}
