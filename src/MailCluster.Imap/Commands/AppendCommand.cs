using System.Collections.Immutable;
using MailCluster.Imap.Sessions;
using MailCluster.Imap.Syntax;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Commands;

/// <summary>
/// APPEND (RFC 9051 §6.3.12), of several messages at once (RFC 3502). Begun when the first message is announced; its
/// octets go to the spool as they come, and all messages are stored in one step when the command is at its end.
/// </summary>
internal sealed record AppendCommand(string Name, AppendedPart First) : ImapCommand
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
        if (!reader.TryWord("APPEND"))
        {
            return false;
        }

        reader.Space();
        reader.Mailbox(); // where this is the literal that is announced, it is an error here
        reader.Space();
        return reader.Error is null;
    }

    public static ImapCommand? ParseBeginning(ref SyntaxReader reader, ImapState state, out string error)
    {
        reader.Keyword();
        var command = Beginning(ref reader);
        error = reader.Error ?? (state is ImapState.NotAuthenticated ? "Log in first" : "");
        return error.Length == 0 ? command : null;
    }

    public static ImapCommand Parse(ref SyntaxReader reader)
    {
        reader.Fail("a message as a literal"); // with one the command is begun by ParseBeginning
        return new AppendCommand("", new AppendedPart([], null));
    }

    public override IEnumerable<SessionEffect> Run(ImapSession session)
    {
        if (Refusal(session) is { } refusal)
        {
            session.DropLiteral();
            session.No(refusal.Text, refusal.Code);
            yield break;
        }

        foreach (var effect in session.FindFolder(Name, FolderRights.Insert))
        {
            yield return effect;
        }

        if (session.FoundFolder is null)
        {
            session.DropLiteral();
            session.OfferCreation();
            yield break;
        }

        var target = session.Place!.Value;

        var entries = ImmutableArray.CreateBuilder<AppendEntry>();
        for (var part = First; ;)
        {
            foreach (var effect in session.SpoolLiteral())
            {
                yield return effect;
            }

            if (session.Spooled is not { } body)
            {
                yield break;
            }

            FlagNames.TrySplit(part.Flags, out var flags, out var keywords, out _);
            entries.Add(new AppendEntry(
                body.Body, body.Size, "", flags, keywords, part.InternalDate ?? session.Time.GetUtcNow()));
            while (!session.TryReadRest())
            {
                yield return SessionEffect.ReadMore.Instance;
            }

            if (session.TakeRest(out var next, out var error) is var rest && rest == AppendRest.End)
            {
                break;
            }

            if (rest == AppendRest.Bad || entries.Count >= session.Options.MaxAppended || Refusal(session) is not null)
            {
                if (rest == AppendRest.Another)
                {
                    session.DropLiteral();
                }

                yield return SessionEffect.DropBody.Instance; // those before it wait in the spool
                session.Bad(rest == AppendRest.Bad ? error : "Too many messages, or too large a one");
                yield break;
            }

            part = next;
        }

        yield return new SessionEffect.Change(new MailboxChange.Append(target.Name, entries.DrainToImmutable()))
        {
            Owner = target.Owner,
        };
        if (session.Succeeded(out AppendResult? appended))
        {
            session.Ok("Appended", $"APPENDUID {appended.UidValidity.Value} {appended.Uids}"); // RFC 4315 §3
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

    /// <summary>What stands before each message: flags and date.</summary>
    public static AppendedPart Part(ref SyntaxReader reader)
    {
        ImmutableArray<string> flags = [];
        DateTimeOffset? date = null;
        if (reader.IsNext('('))
        {
            flags = reader.FlagList();
            if (!FlagNames.TrySplit(flags, out _, out _, out _))
            {
                reader.Fail("flags that there are before here");
            }

            reader.Space();
        }

        if (reader.IsNext('"'))
        {
            date = reader.DateTime();
            reader.Space();
        }

        reader.Announcement();
        return new AppendedPart(flags, date);
    }

    private static AppendCommand? Beginning(ref SyntaxReader reader)
    {
        reader.Space();
        var name = reader.Mailbox();
        reader.Space();
        var part = Part(ref reader);
        return reader.Error is null ? new AppendCommand(name, part) : null;
    }

    private (string Text, string Code)? Refusal(ImapSession session) =>
        !OtherUsers.IsReserved(Name) && !FolderName.TryParse(Name, out _) ? ("No such mailbox", "NONEXISTENT")
        : session.LiteralLength == 0 ? ("A message cannot be empty", "CANNOT")
        : session.LiteralLength > session.Options.MaxMessage ? ("Message is too large", "TOOBIG")
        : null;
}

/// <summary>What an APPEND says of one of its messages.</summary>
internal sealed record AppendedPart(ImmutableArray<string> Flags, DateTimeOffset? InternalDate);

/// <summary>What stands behind a message of an APPEND.</summary>
internal enum AppendRest
{
    End,
    Another,
    Bad,
}
