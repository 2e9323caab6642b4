using MailCluster.Imap.Sessions;
using MailCluster.Imap.Syntax;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Commands;

/// <summary>MOVE, UID MOVE (RFC 6851, RFC 9051 §6.4.8).</summary>
internal sealed record MoveCommand(NumberSet Messages, string Target, bool IsUid) : ImapCommand
{
    public static ImapCommand Parse(ref SyntaxReader reader) => Read(ref reader, isUid: false);

    public static ImapCommand ParseUid(ref SyntaxReader reader) => Read(ref reader, isUid: true);

    public override IEnumerable<SessionEffect> Run(ImapSession session)
    {
        var selected = session.Selected!;
        if (!session.MayWrite())
        {
            yield break;
        }

        if (selected.Resolve(Messages, IsUid) is not { } uids)
        {
            session.Bad("No such message sequence number");
            yield break;
        }

        if (!FolderName.TryParse(Target, out var target))
        {
            session.No("No such mailbox", "NONEXISTENT");
            yield break;
        }

        yield return new SessionEffect.Change(new MailboxChange.Move(selected.Folder.Id, uids, target));
        if (!session.Succeeded(out CopyResult? moved))
        {
            session.OfferCreation();
            yield break;
        }

        if (CopyCommand.CopyUid(moved) is { } code)
        {
            session.Out.Text("* OK [").Text(code).Line("] Moved"); // RFC 6851 §4.3: before the messages go
            session.TellExpunged(selected, moved.From!);
            if (moved.Folder == selected.Folder.Id)
            {
                selected.MustLook = true;
            }
            else
            {
                selected.NoteOwn(moved.FromBefore, moved.FromModSeq);
            }
        }
    }

    private static MoveCommand Read(ref SyntaxReader reader, bool isUid)
    {
        reader.Space();
        var set = reader.SequenceSet();
        reader.Space();
        return new MoveCommand(set, reader.Mailbox(), isUid);
    }
}
