using System.Buffers;
using System.Net;
using System.Text;
using MailCluster.Imap;
using MailCluster.Imap.Sessions;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.ImapPlay;

/// <summary>
/// Carries out a session's effects one step at a time, so that others can act between any two of them. As the connection's
/// actor does, it wakes an idling session for a notice unless it is at work.
/// </summary>
internal sealed class PlayedHost
{
    private static readonly ImapOptions Options = new()
    {
        Hostname = DomainName.Parse("mail.hamburger.edu"),
        PlaintextAllowed = true,
    };

    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly Queue<(FolderId Folder, long ModSeq)> _notices = new();
    private readonly Func<SessionEffect, EffectAnswer> _carryOut;
    private readonly ImapSession _session;
    private byte[] _input = [];
    private SessionEffect? _effect;
    private bool _hasInput;
    private bool _noticed;

    public PlayedHost(TimeProvider time, Func<SessionEffect, EffectAnswer> carryOut)
    {
        _carryOut = carryOut;
        _session = new ImapSession(Options, new ImapPeer(IPAddress.Loopback, 4711, true, new SessionId(1)), time);
        _session.Greet(_output);
    }

    public bool IsIdling => _session.IsIdling;

    public bool CanStep => _effect is not null || _hasInput || (_noticed && IsIdling);

    public bool HasNotices => _notices.Count > 0;

    public void Say(string text)
    {
        _input = [.. _input, .. Encoding.UTF8.GetBytes(text)];
        _hasInput = true;
    }

    public void Notice(FolderId folder, long modseq) => _notices.Enqueue((folder, modseq));

    /// <summary>A notice is on its way for a while.</summary>
    public void TakeNotice()
    {
        var (folder, modseq) = _notices.Dequeue();
        _session.Note(folder, modseq);
        _noticed = true;
    }

    /// <summary>Carries out the effect that is due, and goes on to the next one.</summary>
    public void Step()
    {
        if (_effect is not null)
        {
            _session.Answer(_carryOut(_effect));
        }

        _noticed = false;
        _hasInput = false;
        var input = new ReadOnlySequence<byte>(_input);
        _effect = _session.Advance(ref input, _output);
        _input = input.ToArray();
        Play.Require(_effect is not SessionEffect.Close, "closed");
        _effect = _effect is SessionEffect.ReadMore ? null : _effect;
    }

    /// <summary>The whole lines that came since the last time; a literal of nothing is taken out.</summary>
    public IEnumerable<string> TakeLines()
    {
        var text = Encoding.UTF8.GetString(_output.WrittenSpan).Replace("{0}\r\n", "\"\"", StringComparison.Ordinal);
        var end = text.LastIndexOf("\r\n", StringComparison.Ordinal);
        if (end < 0)
        {
            return [];
        }

        _output.ResetWrittenCount();
        _output.Write(Encoding.UTF8.GetBytes(text[(end + 2)..]));
        return text[..end].Split("\r\n");
    }
}
