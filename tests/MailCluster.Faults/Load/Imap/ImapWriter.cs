using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using MailCluster.Faults.Cluster;

namespace MailCluster.Faults.Load.Imap;

/// <summary>
/// A client that appends messages, gives them flags and expunges some, one command after the other, and goes on at another
/// node where its own dies. Some messages it shares with the other writers of the account, at other nodes.
/// </summary>
internal sealed class ImapWriter(FaultCluster cluster, ClusterNode home, ImapLedger ledger)
{
    /// <summary>Then it goes back to its own node, where that is ready.</summary>
    private const int CommandsAway = 30;

    private const int SharedEvery = 10;

    private const int LargeEvery = 20;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(30);
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(200);

    private readonly Random _random = new((ledger.User, home.Number).GetHashCode());
    private readonly List<uint> _mine = [];
    private readonly Dictionary<uint, int> _flagged = [];
    private ImapLink? _link;
    private int _turn = home.Number - 1;
    private int _number;
    private int _away;

    public ImapPauses Pauses { get; } = new();

    /// <summary>The octets of a message, which its id decides.</summary>
    public static string Message(string id)
    {
        var isLarge = int.Parse(id[(id.LastIndexOf('-') + 1)..], CultureInfo.InvariantCulture) % LargeEvery == 0;
        var lines = Enumerable.Repeat($"{id} {new string('x', 60)}\r\n", isLarge ? 2_000 : 5);
        return $"{SubjectId.Header(id)}\r\n\r\n{string.Concat(lines)}";
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await StepAsync(_link ??= await OpenAsync());
                await Task.Delay(Pace, CancellationToken.None);
            }
            catch (Exception broken) when (broken is IOException or SocketException or OperationCanceledException)
            {
                Leave(broken);
                await Task.Delay(RetryPause, CancellationToken.None);
            }
            catch (FaultException refused)
            {
                ledger.NoteWrong(refused.Message);
                Leave(refused);
                await Task.Delay(RetryPause, CancellationToken.None);
            }
        }

        _link?.Dispose();
    }

    private async Task<ImapLink> OpenAsync()
    {
        var link = await ImapLink.OpenAsync(cluster.Nodes[_turn % cluster.Nodes.Count], ledger.User);
        var selected = await link.SayAsync("SELECT INBOX");
        if (!selected.IsOk)
        {
            Refuse("SELECT", selected);
            link.Dispose();
            throw new IOException("the mailbox is not available");
        }

        foreach (var line in selected.Untagged)
        {
            if (ImapResponse.TryReadCode(line, "UIDVALIDITY") is [var validity])
            {
                ledger.NoteValidity(validity);
            }
        }

        return link;
    }

    private void Leave(Exception why)
    {
        if (_link is { NodeWasKilled: false } link)
        {
            ledger.NoteWrong($"node {link.Node.Number} lives, and a connection to it broke: {why.Message}");
        }

        if (_link is not null)
        {
            Pauses.NoteMove();
        }

        _link?.Dispose();
        _link = null;
        _turn++;
    }

    private async Task StepAsync(ImapLink link)
    {
        if (link.Node != home && ++_away % CommandsAway == 0 && await home.Api.IsReadyAsync())
        {
            await link.SayAsync("LOGOUT");
            link.Dispose();
            _turn = home.Number - 1;
            _link = link = await OpenAsync();
        }

        switch (_random.Next(10))
        {
            case < 4:
                await AppendAsync(link);
                break;
            case < 7 when _mine.Count > 0:
                await StoreAsync(link, _mine[_random.Next(_mine.Count)]);
                break;
            case < 9 when ledger.Common is { Length: > 0 } common:
                await link.SayAsync("NOOP"); // a message of another client is to be known before it is named
                await StoreAsync(link, common[_random.Next(common.Length)]);
                break;
            case 9 when _mine.Count > 0:
                await ExpungeAsync(link);
                break;
        }
    }

    private async Task AppendAsync(ImapLink link)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{ledger.User}-{home.Number}-{++_number}");
        var message = Message(id);
        ledger.WishAppend(id);
        var sentAt = Stopwatch.GetTimestamp();
        var reply = await link.SayAsync($"APPEND INBOX {{{message.Length}+}}", message);
        if (!Accept("APPEND", reply))
        {
            return;
        }

        if (ImapResponse.TryReadCode(reply.Tagged, "APPENDUID") is not [var validity, var uid])
        {
            ledger.NoteWrong($"no UID with {reply.Tagged}");
            return;
        }

        ledger.NoteValidity(validity);
        ledger.NoteAppended((uint)uid, id, sentAt);
        if (_number % SharedEvery == 0)
        {
            ledger.Share((uint)uid);
        }
        else
        {
            _mine.Add((uint)uid);
        }
    }

    /// <summary>Other flags than it gave the message before, so that there is something to change.</summary>
    private async Task StoreAsync(ImapLink link, uint uid)
    {
        var turn = _flagged[uid] = _flagged.GetValueOrDefault(uid) + 1;
        var flags = string.Create(CultureInfo.InvariantCulture, $"w{home.Number}{"abcd"[turn % 4]}");
        ledger.WishFlags(uid, flags);
        var sentAt = Stopwatch.GetTimestamp();
        var reply = await link.SayAsync($"UID STORE {uid} FLAGS ({flags})");
        if (!Accept("STORE", reply))
        {
            return;
        }

        if (!TryNote(reply, sentAt))
        {
            // The message had these flags: from the same change, carried out without an answer before it was repeated. When
            // that was, nobody knows.
            TryNote(await link.SayAsync($"UID FETCH {uid} (UID MODSEQ FLAGS)"), 0);
        }

        bool TryNote(ImapReply told, long since)
        {
            foreach (var line in told.Untagged)
            {
                if (ImapResponse.TryReadFlags(line) is { } seen && seen.Uid == uid && seen.Flags == flags)
                {
                    ledger.NoteFlags(uid, flags, seen.ModSeq, since);
                    return true;
                }
            }

            return false;
        }
    }

    private async Task ExpungeAsync(ImapLink link)
    {
        var uid = _mine[^1];
        _mine.RemoveAt(_mine.Count - 1);
        ledger.WishExpunge(uid);
        if (Accept("STORE", await link.SayAsync($@"UID STORE {uid} +FLAGS.SILENT (\Deleted)"))
            && Accept("EXPUNGE", await link.SayAsync($"UID EXPUNGE {uid}")))
        {
            ledger.NoteExpunged(uid);
        }
    }

    private bool Accept(string command, ImapReply reply)
    {
        if (!reply.IsOk)
        {
            Refuse(command, reply);
            return false;
        }

        Pauses.NoteAcknowledged();
        return true;
    }

    private void Refuse(string command, ImapReply reply)
    {
        if (reply.IsUnavailable)
        {
            ledger.NoteUnavailable();
        }
        else
        {
            ledger.NoteWrong($"{command} was answered with {reply.Tagged}");
        }
    }
}
