using MailCluster.Imap.Sessions;
using MailCluster.Imap.Syntax;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Commands;

/// <summary>COPY, UID COPY (RFC 9051 §6.4.7).</summary>
internal sealed record CopyCommand(NumberSet Messages, string Target, bool IsUid) : ImapCommand
{
    public override bool MayTellExpunged => IsUid;

    public override bool UsesSequenceNumbers => !IsUid;

    public static ImapCommand Parse(ref SyntaxReader reader) => Read(ref reader, isUid: false);

    public static ImapCommand ParseUid(ref SyntaxReader reader) => Read(ref reader, isUid: true);

    public override IEnumerable<SessionEffect> Run(ImapSession session)
    {
        var selected = session.Selected!;
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

        yield return Change(session, selected, uids, target);
        if (session.Succeeded(out CopyResult? copied))
        {
            session.NoteAdded(copied.Folder, copied.To, copied.ToModSeq);
            session.Ok("Copied", CopyUid(copied));
        }
        else
        {
            session.OfferCreation();
        }
    }

    /// <summary>
    /// Within an account its writer copies; from one to another the target's, which shares the bodies with the source.
    /// </summary>
    public static SessionEffect.Change Change(
        ImapSession session, SelectedFolder selected, UidSet uids, FolderPlace target) => target.Owner == selected.Owner
        ? selected.Change(new MailboxChange.Copy(selected.Folder.Id, uids, target.Name))
        : new SessionEffect.Change(new MailboxChange.CopyFrom(
            selected.Owner == default ? session.Login!.Id : selected.Owner, selected.Folder.Id, uids, target.Name))
        {
            Owner = target.Owner,
        };

    /// <summary>RFC 4315 §3; null where nothing was copied.</summary>
    public static string? CopyUid(CopyResult copied) => copied.To is { IsEmpty: false } to
        ? $"COPYUID {copied.UidValidity.Value} {copied.From} {to}"
        : null;

    private static CopyCommand Read(ref SyntaxReader reader, bool isUid)
    {
        reader.Space();
        var set = reader.SequenceSet();
        reader.Space();
        return new CopyCommand(set, reader.Mailbox(), isUid);
    }
}
