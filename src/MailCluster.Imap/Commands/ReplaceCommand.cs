using MailCluster.Imap.Sessions;
using MailCluster.Imap.Syntax;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Commands;

/// <summary>REPLACE, UID REPLACE (RFC 8508): a message comes and another goes, in one step of the store.</summary>
internal sealed record ReplaceCommand(NumberSet Message, bool IsUid, AppendCommand Append) : ImapCommand
{
    public override bool UsesSequenceNumbers => !IsUid;

    public static ImapCommand Parse(ref SyntaxReader reader) => Read(ref reader, isUid: false);

    public static ImapCommand ParseUid(ref SyntaxReader reader) => Read(ref reader, isUid: true);

    public override IEnumerable<SessionEffect> Run(ImapSession session)
    {
        var selected = session.Selected!;
        var replaced = Replaced(session, selected);
        var run = new AppendRun(session, Append.Name, maxMessages: 1, ownOnly: true); // RFC 8508 §4.7
        foreach (var effect in run.Take(Append.Steps, Append.Place))
        {
            yield return effect;
        }

        if (session.HasFailed)
        {
            yield break;
        }

        yield return new SessionEffect.Change(
            new MailboxChange.Replace(selected.Folder.Id, replaced, run.Target.Name, run.Entries[0]));
        if (session.Succeeded(out ReplaceResult? done))
        {
            Tell(session, selected, done.Appended!, done.Expunged!);
        }
        else
        {
            session.OfferCreation();
        }
    }

    /// <summary>The command has failed where there is none.</summary>
    private Uid Replaced(ImapSession session, SelectedFolder selected)
    {
        if (!session.MayWrite())
        {
            return default;
        }

        if (selected.Owner != default)
        {
            session.No(AppendRun.OwnOnly, "CANNOT"); // two writers cannot do it in one step
            return default;
        }

        var uids = selected.Resolve(Message, IsUid);
        if (uids is { Count: 1 })
        {
            return uids.Ranges[0].First;
        }

        if (uids is null)
        {
            session.Bad("No such message sequence number");
        }
        else
        {
            session.No("No such message", "NONEXISTENT");
        }

        return default;
    }

    /// <summary>RFC 8508 §4.3: the UID of the new message is told before the other one goes.</summary>
    private static void Tell(ImapSession session, SelectedFolder selected, AppendResult appended, ExpungeResult expunged)
    {
        session.Out.Text("* OK [").Text(AppendCommand.Code(appended)).Line("] Replacement is there");
        session.TellExpunged(selected, expunged.Uids);
        session.NoteAdded(appended.Folder, appended.Uids, appended.ModSeq);
        if (appended.Folder == selected.Folder.Id)
        {
            selected.MustLook = true;
        }
        else
        {
            selected.NoteOwn(expunged.Before, expunged.ModSeq);
        }

        session.Ok(
            "Replaced",
            session.Enabled.HasFlag(Extensions.Qresync) ? ImapSession.HighestModSeqCode : null); // RFC 7162 §3.2.9
    }

    private static ReplaceCommand Read(ref SyntaxReader reader, bool isUid)
    {
        reader.Space();
        var message = reader.SequenceSet();
        if (message.IsSaved || message.Ranges.Length != 1 || message.Ranges[0].From != message.Ranges[0].To)
        {
            reader.Fail("the number of one message before here");
        }

        return new ReplaceCommand(message, isUid, (AppendCommand)AppendCommand.Parse(ref reader));
    }
}
