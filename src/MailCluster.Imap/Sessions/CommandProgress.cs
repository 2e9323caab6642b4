namespace MailCluster.Imap.Sessions;

/// <summary>
/// Tells how far a long command is (RFC 9585), so that the client neither gives up nor leaves its user without a word. A
/// command reads its messages in one pass or more, each over some of the mailbox; those that it does not look at count as
/// done, so that the count only grows and the goal stays. Used by one command.
/// </summary>
internal sealed class CommandProgress
{
    /// <summary>RFC 9585 §4: not more often than every ten seconds or so.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly ImapSession _session;
    private readonly long _perPass;
    private readonly long _goal;
    private long _toldAt;
    private long _done;
    private int _passes;

    /// <param name="session">Whose command it is.</param>
    /// <param name="messages">Of the mailbox.</param>
    /// <param name="passes">How often it is gone through at most.</param>
    public CommandProgress(ImapSession session, long messages, int passes)
    {
        _session = session;
        _perPass = messages;
        _goal = messages * passes;
        _toldAt = session.Time.GetTimestamp();
    }

    /// <summary>A pass over so many messages begins.</summary>
    public void Begin(long messages) => _done = Math.Max(_done, (++_passes * _perPass) - messages);

    /// <summary>So many more are done. True where there is something to send.</summary>
    public bool Add(long messages)
    {
        _done += messages;
        var now = _session.Time.GetTimestamp();
        if (_done >= _goal || _session.Time.GetElapsedTime(_toldAt, now) < Interval)
        {
            return false;
        }

        _toldAt = now;
        _session.Out.Text("* OK [INPROGRESS (\"").Text(_session.Tag).Text("\" ").Number(_done).Text(" ").Number(_goal)
            .Line(")] Still at work");
        return true;
    }
}
