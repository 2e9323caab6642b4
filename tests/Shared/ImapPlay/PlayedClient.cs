using MailCluster.Imap.Sessions;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.ImapPlay;

/// <summary>What a client has switched on.</summary>
internal enum ClientKind
{
    Plain,
    Condstore,
    Qresync,
}

/// <summary>One client of a play: its connection, the command under way, and its picture of the mailbox.</summary>
internal sealed class PlayedClient
{
    private static readonly string[] KeepsNumbers = ["FETCH", "STORE", "SEARCH"];

    private readonly Play _play;
    private readonly List<string> _log;
    private int _tags;
    private string _command = "";
    private Action<string>? _onTagged;
    private Action<string>? _onUntagged;

    public PlayedClient(Play play, ClientKind kind, List<string> log)
    {
        (_play, Kind, _log) = (play, kind, log);
        Connect();
    }

    public ClientKind Kind { get; }

    public PlayedHost Host { get; private set; } = null!;

    /// <summary>Null where no mailbox is selected.</summary>
    public Picture? Picture { get; set; }

    public bool IsReadOnly { get; set; }

    public bool IsBusy => _command.Length > 0;

    /// <summary>What the command must name in a change, where the client can tell.</summary>
    public List<uint>? Expected { get; set; }

    /// <summary>What the client must forget where the connection ends within the command.</summary>
    public Action? OnCut { get; set; }

    /// <summary>Ends the connection within whatever is under way.</summary>
    public void Cut()
    {
        _log.Add("   the connection is cut");
        if (IsBusy)
        {
            OnCut?.Invoke();
        }
    }

    public void Connect()
    {
        Picture = null;
        Expected = null;
        _command = "";
        Host = new PlayedHost(_play.Time, CarryOut);
        Run("LOGIN bob@hamburger.edu secret");
        if (Kind != ClientKind.Plain)
        {
            Run($"ENABLE {Kind.ToString().ToUpperInvariant()}");
        }
    }

    /// <summary>Begins a command; what is told of it comes with the steps of its host.</summary>
    public void Begin(string command, Action<string>? onTagged = null, Action<string>? onUntagged = null)
    {
        _command = command;
        _onTagged = onTagged;
        _onUntagged = onUntagged;
        OnCut = null;
        _log.Add($"C: a{++_tags} {command}");
        Host.Say($"a{_tags} {command}\r\n");
    }

    /// <summary>A command from its beginning to its end, with nobody between.</summary>
    public void Run(string command, Action<string>? onTagged = null, Action<string>? onUntagged = null)
    {
        Begin(command, onTagged, onUntagged);
        Finish();
    }

    /// <summary>To the end of the command under way; an idling client stays so.</summary>
    public void Finish()
    {
        while (IsBusy && Host.CanStep)
        {
            Step();
        }

        Play.Require(!IsBusy || Host.IsIdling, $"no answer to {_command}");
    }

    public void EndIdle()
    {
        if (Host.IsIdling)
        {
            _log.Add("C: DONE");
            Host.Say("DONE\r\n");
            Finish();
        }
    }

    public void Step()
    {
        Host.Step();
        foreach (var line in Host.TakeLines())
        {
            _log.Add($"S: {(line.Contains("[CAPABILITY", StringComparison.Ordinal) ? "..." : line)}");
            Hear(line);
        }
    }

    private void Hear(string line)
    {
        if (line.StartsWith($"a{_tags} ", StringComparison.Ordinal))
        {
            Picture?.SeeTagged(line);
            _command = "";
            Expected = null;
            _onTagged?.Invoke(line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
            return;
        }

        Play.Require(line.StartsWith("* ", StringComparison.Ordinal) || line.StartsWith("+ ", StringComparison.Ordinal), line);
        Play.Require(!line.StartsWith("* BYE", StringComparison.Ordinal), line);
        Picture?.See(line, IsBusy && !KeepsNumbers.Any(verb => _command.StartsWith(verb, StringComparison.Ordinal)));
        _onUntagged?.Invoke(line);
    }

    private EffectAnswer CarryOut(SessionEffect effect)
    {
        if (effect is SessionEffect.CheckPassword or SessionEffect.Flush)
        {
            return _play.Store.Answer(effect);
        }

        if (_play.StoreFails())
        {
            _log.Add($"   the store fails: {effect.GetType().Name}");
            return EffectAnswer.StoreFailed.Instance;
        }

        if (effect is SessionEffect.Change change)
        {
            RequireExpected(change.What);
        }

        var answer = _play.Store.Answer(effect);
        if (answer is EffectAnswer.Changed changed && effect is SessionEffect.Change done)
        {
            _play.Apply(done.What, changed.Result);
        }

        return answer;
    }

    private void RequireExpected(MailboxChange change)
    {
        var named = change switch
        {
            MailboxChange.StoreFlags store => store.Uids,
            MailboxChange.Copy copy => copy.Uids,
            MailboxChange.Move move => move.Uids,
            _ => null,
        };
        if (Expected is not null && named is not null)
        {
            Play.Require(
                Expected.Order().SequenceEqual(named.Uids().Select(uid => uid.Value)),
                $"{_command} meant {string.Join(',', Expected)} and not {named}");
        }
    }
}
