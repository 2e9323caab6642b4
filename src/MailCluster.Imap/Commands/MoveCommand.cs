using MailCluster.Imap.Sessions;
using MailCluster.Imap.Syntax;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Commands;

/// <summary>MOVE, UID MOVE (RFC 6851, RFC 9051 §6.4.8).</summary>
internal sealed record MoveCommand(NumberSet Messages, string Target, bool IsUid) : ImapCommand
{
    public override bool UsesSequenceNumbers => !IsUid;

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

        foreach (var effect in session.Locate(Target))
        {
            yield return effect;
        }

        if (session.Place is not { } target)
        {
            yield break;
        }

        if (target.Owner != selected.Owner)
        {
            foreach (var effect in MoveAway(session, selected, uids, target))
            {
                yield return effect;
            }

            yield break;
        }

        yield return selected.Change(new MailboxChange.Move(selected.Folder.Id, uids, target.Name));
        if (!session.Succeeded(out CopyResult? moved))
        {
            session.OfferCreation();
            yield break;
        }

        session.NoteAdded(moved.Folder, moved.To, moved.ToModSeq);
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

    /// <summary>
    /// To another account: two writers, so two steps. Whatever happens between them, nothing is lost, but the messages may
    /// be in both folders then.
    /// </summary>
    private static IEnumerable<SessionEffect> MoveAway(
        ImapSession session, SelectedFolder selected, UidSet uids, FolderPlace target)
    {
        if (!session.Allows(selected.Folder, FolderRights.DeleteMessages | FolderRights.Expunge))
        {
            yield break;
        }

        yield return CopyCommand.Change(session, selected, uids, target);
        if (!session.Succeeded(out CopyResult? copied))
        {
            session.OfferCreation();
            yield break;
        }

        if (CopyCommand.CopyUid(copied) is not { } code)
        {
            yield break;
        }

        session.Out.Text("* OK [").Text(code).Line("] Copied");
        yield return selected.Change(new MailboxChange.Remove(selected.Folder.Id, copied.From!));
        if (session.Succeeded(out ExpungeResult? gone) && gone.ModSeq > 0)
        {
            session.TellExpunged(selected, gone.Uids);
            selected.NoteOwn(gone.Before, gone.ModSeq);
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
