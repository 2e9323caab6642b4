using System.Collections.Immutable;
using MailCluster.Imap.Sessions;
using MailCluster.Imap.Syntax;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Commands;

/// <summary>SETMETADATA (RFC 5464 §4.3): all of the entries, or none.</summary>
internal sealed record SetMetadataCommand(string Name, ImmutableArray<AnnotationChange> Entries) : ImapCommand
{
    public static ImapCommand Parse(ref SyntaxReader reader)
    {
        reader.Space();
        var name = reader.Mailbox();
        reader.Space();
        return new SetMetadataCommand(name, reader.List(Change, SyntaxReader.MaxEntries));
    }

    public override IEnumerable<SessionEffect> Run(ImapSession session)
    {
        FolderName? folder = null;
        if (Name.Length > 0)
        {
            if (!session.Named(Name, out var name))
            {
                yield break;
            }

            folder = name;
        }
        else if (Entries.Any(entry => entry.Name.IsShared))
        {
            session.No("What all users of the server share is not for one to set", "NOPERM");
            yield break;
        }

        if (Entries.Any(entry => entry.Value is { Length: > Annotation.MaxValue }))
        {
            session.No("A value is too long", $"METADATA MAXSIZE {Annotation.MaxValue}");
            yield break;
        }

        yield return new SessionEffect.Change(new MailboxChange.Annotate(folder, Entries));
        if (session.Succeeded(out AnnotationResult? result))
        {
            session.Watch?.NoteOwn(result);
        }
    }

    private static AnnotationChange Change(ref SyntaxReader reader)
    {
        var name = reader.Entry();
        if (reader.Error is null && !name.MayHaveValue)
        {
            reader.Fail("an entry that can have a value before here");
        }

        reader.Space();
        return new AnnotationChange(name, reader.Value());
    }
}
