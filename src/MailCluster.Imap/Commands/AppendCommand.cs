using System.Collections.Immutable;
using MailCluster.Imap.Sessions;
using MailCluster.Imap.Syntax;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Commands;

/// <summary>
/// APPEND (RFC 9051 §6.3.12), of several messages at once (RFC 3502), put together from others (RFC 4469). Begun when the
/// first octets are announced; they go to the spool as they come, and all messages are stored in one step when the command
/// is at its end.
/// </summary>
/// <param name="Steps">Up to the first octets, or to the end.</param>
/// <param name="Place">Where they end.</param>
internal sealed record AppendCommand(string Name, ImmutableArray<AppendStep> Steps, AppendPlace Place) : ImapCommand
{
    /// <summary>Octets before the first message; a longer one would be read anew with each of thousands of literals.</summary>
    private const int LongestBeginning = 32 * 1024;

    /// <summary>What was gathered ends where the octets of a message begin.</summary>
    public static bool IsBegun(ReadOnlySpan<byte> text)
    {
        var space = text.IndexOf((byte)' ');
        if (space < 0 || text.Length > LongestBeginning)
        {
            return false;
        }

        var reader = new SyntaxReader(text[(space + 1)..^2], utf8: true, default);
        if (!TryVerb(ref reader))
        {
            return false;
        }

        reader.Mailbox(); // where this is the literal that is announced, it is an error here
        reader.Space();
        return reader.Error is null && !AppendSyntax.AnnouncesUrl(reader.Left);
    }

    public static ImapCommand? ParseBeginning(ref SyntaxReader reader, ImapState state, out string error) =>
        CommandTable.Parse(ref reader, state, out error);

    public static ImapCommand Parse(ref SyntaxReader reader)
    {
        reader.Space();
        var name = reader.Mailbox();
        reader.Space();
        var place = AppendPlace.Message;
        return new AppendCommand(name, AppendSyntax.Read(ref reader, ref place), place);
    }

    public override IEnumerable<SessionEffect> Run(ImapSession session)
    {
        var run = new AppendRun(session, Name);
        foreach (var effect in run.Take(Steps, Place))
        {
            yield return effect;
        }

        if (session.HasFailed)
        {
            yield break;
        }

        yield return new SessionEffect.Change(new MailboxChange.Append(run.Target.Name, run.Entries)) { Owner = run.Target.Owner };
        if (session.Succeeded(out AppendResult? appended))
        {
            session.Ok("Appended", Code(appended));
            session.NoteAdded(appended.Folder, appended.Uids, appended.ModSeq);
            if (session.Selected?.Folder.Id == appended.Folder)
            {
                session.Selected.MustLook = true;
            }
        }
        else
        {
            session.OfferCreation();
        }
    }

    /// <summary>RFC 4315 §3.</summary>
    public static string Code(AppendResult appended) => $"APPENDUID {appended.UidValidity.Value} {appended.Uids}";

    private static bool TryVerb(ref SyntaxReader reader)
    {
        if (reader.TryWord("APPEND"))
        {
            reader.Space();
            return true;
        }

        if (reader.TryWord("UID"))
        {
            reader.Space();
        }

        if (!reader.TryWord("REPLACE"))
        {
            return false;
        }

        reader.Space();
        reader.SequenceSet();
        reader.Space();
        return true;
    }
}
