using System.Diagnostics;
using System.Net.Sockets;
using MailCluster.Faults.Cluster;

namespace MailCluster.Faults.Load.Imap;

/// <summary>
/// A client that idles and writes down what it hears, and when. Where its node dies it goes on at another, and asks what it
/// missed (RFC 7162).
/// </summary>
internal sealed class ImapIdler(FaultCluster cluster, ClusterNode home, ImapLedger ledger)
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(200);

    private readonly Lock _lock = new();
    private readonly Dictionary<uint, List<(long ModSeq, long At)>> _heard = [];
    private readonly TaskCompletionSource _idling = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ImapLink? _link;
    private int _turn = home.Number - 1;
    private int _count;
    private (long Validity, long ModSeq)? _known;

    /// <summary>Done when it idles for the first time.</summary>
    public Task Idling => _idling.Task;

    /// <summary>Messages in the mailbox, as it was told.</summary>
    public int Count => Volatile.Read(ref _count);

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                _link = await ImapLink.OpenAsync(cluster.Nodes[_turn % cluster.Nodes.Count], ledger.User);
                await SelectAsync(_link);
                await NotifyAsync(_link);
                await _link.WriteAsync("idle IDLE\r\n");
                while (true)
                {
                    Hear(await _link.ReadAsync(Timeout.InfiniteTimeSpan, cancellation));
                }
            }
            catch (Exception broken) when (
                broken is IOException or SocketException or OperationCanceledException or FaultException)
            {
                if (!cancellation.IsCancellationRequested && _link is { NodeWasKilled: false } link)
                {
                    ledger.NoteWrong($"node {link.Node.Number} lives, and left an idle client: {broken.Message}");
                }

                _link?.Dispose();
                _link = null;
                _turn++;
                await Task.Delay(RetryPause, CancellationToken.None);
            }
        }
    }

    /// <summary>How long after its acknowledgement the change was heard of; null where it was not.</summary>
    public TimeSpan? FindDelay(uint uid, long modseq, long acknowledgedAt)
    {
        lock (_lock)
        {
            var at = _heard.GetValueOrDefault(uid)?.Where(heard => heard.ModSeq >= modseq).Select(heard => heard.At)
                .DefaultIfEmpty(-1).Min() ?? -1;
            return at < 0 ? null
                : at <= acknowledgedAt ? TimeSpan.Zero
                : Stopwatch.GetElapsedTime(acknowledgedAt, at);
        }
    }

    /// <summary>False also where it came and went between two looks.</summary>
    public bool HasHeardOf(uint uid)
    {
        lock (_lock)
        {
            return _heard.ContainsKey(uid);
        }
    }

    private async Task SelectAsync(ImapLink link)
    {
        var known = _known is { } before ? $" (QRESYNC ({before.Validity} {before.ModSeq}))" : "";
        var reply = await link.SayAsync("SELECT INBOX" + known);
        if (!reply.IsOk)
        {
            if (reply.IsUnavailable)
            {
                ledger.NoteUnavailable();
            }
            else
            {
                ledger.NoteWrong($"SELECT was answered with {reply.Tagged}");
            }

            throw new IOException("the mailbox is not available");
        }

        var (validity, modseq) = (0L, 0L);
        foreach (var line in reply.Untagged)
        {
            Hear(line);
            validity = ImapResponse.TryReadCode(line, "UIDVALIDITY") is [var number] ? number : validity;
            modseq = ImapResponse.TryReadCode(line, "HIGHESTMODSEQ") is [var highest] ? highest : modseq;
        }

        ledger.NoteValidity(validity);
        // What idling tells may end between two lines: only what a SELECT told is known to its end.
        _known = (validity, modseq);
    }

    /// <summary>
    /// Else it would hear of a new message that there is one more, and nothing of what was changed before it was told so.
    /// </summary>
    private async Task NotifyAsync(ImapLink link)
    {
        var reply = await link.SayAsync(
            "NOTIFY SET (SELECTED (MessageNew (UID MODSEQ FLAGS) MessageExpunge FlagChange))");
        foreach (var line in reply.Untagged)
        {
            Hear(line);
        }

        if (reply is { IsOk: false, IsUnavailable: false })
        {
            ledger.NoteWrong($"NOTIFY was answered with {reply.Tagged}");
        }

        if (!reply.IsOk)
        {
            throw new IOException("the mailbox is not available");
        }
    }

    private void Hear(string line)
    {
        var now = Stopwatch.GetTimestamp();
        if (line.StartsWith("+ ", StringComparison.Ordinal))
        {
            _idling.TrySetResult();
        }
        else if (ImapResponse.TryReadExists(line) is { } count)
        {
            Volatile.Write(ref _count, count);
        }
        else if (ImapResponse.TryReadFlags(line) is { } told)
        {
            Note(told.Uid, told.ModSeq, now);
        }
        else if (ImapResponse.TryReadVanished(line) is { } vanished)
        {
            foreach (var uid in vanished.Uids)
            {
                Note(uid, long.MaxValue, now);
            }

            Volatile.Write(ref _count, vanished.Earlier ? _count : _count - vanished.Uids.Count);
        }
        else if (line.StartsWith("* BYE", StringComparison.Ordinal))
        {
            throw new IOException(line);
        }
    }

    private void Note(uint uid, long modseq, long at)
    {
        lock (_lock)
        {
            if (!_heard.TryGetValue(uid, out var times))
            {
                _heard[uid] = times = [];
            }

            times.Add((modseq, at));
        }
    }
}
