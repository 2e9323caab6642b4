using System.Collections.Immutable;
using MailCluster.Imap.Sessions;
using MailCluster.Imap.Syntax;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Commands;

/// <summary>GETMETADATA (RFC 5464 §4.2), of a mailbox or of the server.</summary>
internal sealed record GetMetadataCommand(string Name, ImmutableArray<EntryName> Entries, MetadataOptions Options) : ImapCommand
{
    public static ImapCommand Parse(ref SyntaxReader reader)
    {
        reader.Space();
        var options = MetadataOptions.Default;
        if (reader.IsOptionListNext)
        {
            options = MetadataOptions.Parse(ref reader);
            reader.Space();
        }

        var name = reader.Mailbox();
        reader.Space();
        if (reader.IsOptionListNext)
        {
            options = MetadataOptions.Parse(ref reader); // where the examples of RFC 5464 have it, but not its grammar
            reader.Space();
        }

        return new GetMetadataCommand(name, reader.Entries(), options);
    }

    public override IEnumerable<SessionEffect> Run(ImapSession session)
    {
        FolderName? mailbox = null;
        var folder = default(FolderId);
        if (Name.Length > 0)
        {
            if (!session.Named(Name, out var name))
            {
                yield break;
            }

            yield return new SessionEffect.FindFolder(name);
            if (!session.Got(out EffectAnswer.Found found))
            {
                yield break;
            }

            if (found.Folder is null)
            {
                session.No("No such mailbox", "NONEXISTENT");
                yield break;
            }

            (mailbox, folder) = (name, found.Folder.Id);
        }

        yield return new SessionEffect.ReadAnnotations(folder);
        if (session.Got(out EffectAnswer.Annotations read))
        {
            Tell(session, mailbox, mailbox is null ? read.List.Add(ServerEntries.Admin(session.Login!)) : read.List);
        }
    }

    /// <summary>One response with all that is wanted (RFC 5464 §4.4.1); nothing where that is nothing.</summary>
    public static void Tell(
        ImapSession session, FolderName? mailbox, IEnumerable<(EntryName Name, ReadOnlyMemory<byte>? Value)> entries)
    {
        var isFirst = true;
        foreach (var (name, value) in entries)
        {
            if (isFirst)
            {
                session.Out.Text("* METADATA ").MailboxOrServer(mailbox).Text(" (");
            }

            session.Out.Text(isFirst ? "" : " ").Entry(name).Text(" ").Value(value);
            isFirst = false;
        }

        if (!isFirst)
        {
            session.Out.Line(")");
        }
    }

    private void Tell(ImapSession session, FolderName? mailbox, ImmutableArray<Annotation> all)
    {
        var wanted = all.Where(IsWanted).ToList();
        var told = wanted.Where(entry => entry.Value.Length <= Options.MaxSize)
            .Select(entry => (entry.Name, Value: (ReadOnlyMemory<byte>?)entry.Value));
        // A METADATA response is required (RFC 5464 §4.2), so an entry that there is not is told to be none.
        var missing = Entries.Distinct().Where(name => Options.Depth == 0 && wanted.TrueForAll(entry => entry.Name != name))
            .Select(name => (name, (ReadOnlyMemory<byte>?)null));
        Tell(session, mailbox, told.Concat(missing));
        if (wanted.Select(entry => entry.Value.Length).DefaultIfEmpty().Max() is var longest && longest > Options.MaxSize)
        {
            session.Ok("Some are longer", $"METADATA LONGENTRIES {longest}"); // RFC 5464 §4.2.1
        }
    }

    private bool IsWanted(Annotation entry) => Entries.Any(name => entry.Name.DepthBelow(name) <= Options.Depth);
}

/// <summary>How much of the entries is wanted.</summary>
/// <param name="Depth">Components below those that are named (RFC 5464 §4.2.2).</param>
/// <param name="MaxSize">Octets of a value (RFC 5464 §4.2.1).</param>
internal sealed record MetadataOptions(int Depth, long MaxSize)
{
    public static readonly MetadataOptions Default = new(0, long.MaxValue);

    public static MetadataOptions Parse(ref SyntaxReader reader)
    {
        var options = Default;
        reader.Expect('(');
        do
        {
            if (reader.TryWord("MAXSIZE"))
            {
                reader.Space();
                options = options with { MaxSize = reader.Number() };
            }
            else if (reader.TryWord("DEPTH"))
            {
                reader.Space();
                options = options with { Depth = ParseDepth(ref reader) };
            }
            else
            {
                reader.Fail("MAXSIZE or DEPTH");
            }
        }
        while (reader.Try(' '));
        reader.Expect(')');
        return options;
    }

    private static int ParseDepth(ref SyntaxReader reader)
    {
        if (reader.TryWord("0"))
        {
            return 0;
        }

        if (reader.TryWord("1"))
        {
            return 1;
        }

        if (!reader.TryWord("INFINITY"))
        {
            reader.Fail("0, 1 or infinity");
        }

        return int.MaxValue;
    }
}
