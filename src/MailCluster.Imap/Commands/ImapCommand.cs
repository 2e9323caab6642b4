using MailCluster.Imap.Sessions;

namespace MailCluster.Imap.Commands;

/// <summary>
/// One command: a file holds its grammar, and what it does. <see cref="Run"/> goes on from effect to effect as the session
/// is advanced; what it leaves in the session's result is the tagged response, OK where it leaves nothing.
/// </summary>
internal abstract record ImapCommand
{
    /// <summary>RFC 9051 §7.5.1: nothing may be told expunged while message sequence numbers of it are under way.</summary>
    public virtual bool MayTellExpunged => true;

    /// <summary>Looks for changes of others even where no notice came of any.</summary>
    public virtual bool LooksForChanges => false;

    /// <summary>RFC 9586: what it names, or tells, are message sequence numbers and no UIDs.</summary>
    public virtual bool UsesSequenceNumbers => false;

    /// <summary>It works on the selected mailbox.</summary>
    public bool IsOfSelected { get; init; }

    public abstract IEnumerable<SessionEffect> Run(ImapSession session);
}
