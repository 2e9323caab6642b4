using MailCluster.Imap.Sessions;
using MailCluster.Imap.Syntax;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Commands;

/// <summary>SUBSCRIBE, UNSUBSCRIBE (RFC 9051 §6.3.7, §6.3.8): also of names that no mailbox has.</summary>
internal sealed record SubscribeCommand(string Name, bool Subscribed) : ImapCommand
{
    public static ImapCommand ParseSubscribe(ref SyntaxReader reader) => Parse(ref reader, true);

    public static ImapCommand ParseUnsubscribe(ref SyntaxReader reader) => Parse(ref reader, false);

    public override IEnumerable<SessionEffect> Run(ImapSession session)
    {
        if (!FolderName.TryParse(Name, out var name))
        {
            session.No("No mailbox can have this name", "CANNOT");
            yield break;
        }

        yield return new SessionEffect.Change(new MailboxChange.Subscribe(name, Subscribed));
        if (session.Succeeded(out FolderChange? _))
        {
            session.Watch?.Folders?.NoteSubscribed(name, Subscribed);
        }
    }

    private static SubscribeCommand Parse(ref SyntaxReader reader, bool subscribed)
    {
        reader.Space();
        return new SubscribeCommand(reader.Mailbox(), subscribed);
    }
}
