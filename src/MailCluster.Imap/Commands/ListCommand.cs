using System.Collections.Immutable;
using MailCluster.Imap.Sessions;
using MailCluster.Imap.Syntax;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Commands;

/// <summary>LIST (RFC 9051 §6.3.9; RFC 5258, RFC 5819, RFC 6154, RFC 9590).</summary>
internal sealed record ListCommand(string Reference, ImmutableArray<string> Patterns, ListOptions Options) : ImapCommand
{
    private const int MaxPatterns = 50;

    public static ImapCommand Parse(ref SyntaxReader reader)
    {
        reader.Space();
        var options = new ListOptions();
        if (reader.IsNext('('))
        {
            options.ParseSelection(ref reader);
            reader.Space();
        }

        var reference = reader.Mailbox();
        reader.Space();
        ImmutableArray<string> patterns = reader.IsNext('(')
            ? reader.List((ref SyntaxReader r) => r.ListMailbox(), MaxPatterns)
            : [reader.ListMailbox()];
        if (reader.Try(' '))
        {
            options.ParseReturn(ref reader);
        }

        return new ListCommand(reference, patterns, options);
    }

    public override IEnumerable<SessionEffect> Run(ImapSession session)
    {
        if (Patterns is [""] && !Options.IsExtended)
        {
            session.Out.Line("* LIST (\\Noselect) \"/\" \"\""); // RFC 9051 §6.3.9: the separator is asked for
            yield break;
        }

        yield return SessionEffect.ListFolders.Instance;
        if (!session.Got(out EffectAnswer.Folders folders))
        {
            yield break;
        }

        var annotations = ImmutableArray<Annotation>.Empty;
        if (!Options.Metadata.IsDefault)
        {
            yield return new SessionEffect.FindAnnotations(Options.Metadata);
            if (!session.Got(out EffectAnswer.Annotations found))
            {
                yield break;
            }

            annotations = found.List;
        }

        var entries = annotations.ToLookup(entry => entry.Folder);
        var view = new FolderView(OtherUsers.Together(folders));
        if (Options.IsRecursive)
        {
            RecursiveList.Tell(session, view, Reference, Patterns, Options);
            yield break;
        }

        var patterns = Patterns.Where(p => p.Length > 0).Select(pattern => new FolderPattern(Reference + pattern)).ToList();
        // RFC 9051 §6.3.9: with "%" at its end a pattern also shows what only stands above others.
        var levels = Patterns.Where(p => p.EndsWith('%')).Select(pattern => new FolderPattern(Reference + pattern)).ToList();
        var above = Options.Subscribed ? [] : view.Missing.Where(name => levels.Exists(level => level.Matches(name)));
        foreach (var name in view.Names(Options.Subscribed).Concat(above).OrderBy(name => name.Text, StringComparer.Ordinal))
        {
            if (!patterns.Exists(pattern => pattern.Matches(name)))
            {
                continue;
            }

            var folder = view.Find(name);
            if (Options.SpecialUseOnly && folder?.SpecialUse is null)
            {
                continue;
            }

            session.TellListed(view, name, Options);
            if (folder is not null && !Options.Status.IsDefault && folder.Rights.HasFlag(FolderRights.Read))
            {
                StatusCommand.Tell(session, folder, Options.Status);
            }

            if (folder is not null && !Options.Metadata.IsDefault)
            {
                // RFC 9590 §3: behind its LIST, NIL for what there is not.
                GetMetadataCommand.Tell(session, name, Options.Metadata.Distinct().Select(
                    entry => (entry, entries[folder.Id].FirstOrDefault(a => a.Name == entry)?.Value)));
            }

            if (session.Out.Pending > ImapSession.MaxPending)
            {
                yield return SessionEffect.Flush.Instance;
            }
        }
    }
}

/// <summary>What is asked for beside the names.</summary>
internal sealed record ListOptions
{
    /// <summary>Of a LIST response that nobody asked for: a name that is subscribed is told so (RFC 5465 §5.5).</summary>
    public static readonly ListOptions Unasked = new() { ReturnSubscribed = true };

    public bool IsExtended { get; private set; }

    public bool Subscribed { get; private set; }

    public bool SpecialUseOnly { get; private set; }

    public bool ReturnSubscribed { get; private set; }

    /// <summary>RFC 5258 §3.1, RECURSIVEMATCH.</summary>
    public bool IsRecursive { get; private set; }

    public ImmutableArray<StatusItem> Status { get; private set; }

    /// <summary>Default where it is not asked for.</summary>
    public ImmutableArray<EntryName> Metadata { get; private set; }

    public void ParseSelection(ref SyntaxReader reader)
    {
        IsExtended = true;
        reader.Expect('(');
        if (reader.Try(')'))
        {
            return;
        }

        do
        {
            switch (reader.Keyword())
            {
                case "SUBSCRIBED":
                    Subscribed = ReturnSubscribed = true;
                    break;
                case "REMOTE":
                    break; // there are none
                case "RECURSIVEMATCH":
                    IsRecursive = true;
                    break;
                case "SPECIAL-USE":
                    SpecialUseOnly = true;
                    break;
                default:
                    reader.Fail("SUBSCRIBED, REMOTE, RECURSIVEMATCH or SPECIAL-USE before here");
                    break;
            }
        }
        while (reader.Try(' '));
        reader.Expect(')');
        if (IsRecursive && !Subscribed && !SpecialUseOnly)
        {
            reader.Fail("a selection for RECURSIVEMATCH"); // RFC 5258 §3.5
        }
    }

    public void ParseReturn(ref SyntaxReader reader)
    {
        IsExtended = true;
        if (!reader.TryWord("RETURN"))
        {
            reader.Fail("RETURN");
        }

        reader.Space();
        reader.Expect('(');
        if (reader.Try(')'))
        {
            return;
        }

        do
        {
            switch (reader.Keyword())
            {
                case "SUBSCRIBED":
                    ReturnSubscribed = true;
                    break;
                case "CHILDREN" or "SPECIAL-USE":
                    break; // always told
                case "STATUS":
                    reader.Space();
                    Status = StatusCommand.ParseItems(ref reader);
                    break;
                case "METADATA":
                    reader.Space();
                    Metadata = reader.List((ref SyntaxReader r) => r.Entry(), SyntaxReader.MaxEntries);
                    break;
                default:
                    reader.Fail("SUBSCRIBED, CHILDREN, SPECIAL-USE, STATUS or METADATA before here");
                    break;
            }
        }
        while (reader.Try(' '));
        reader.Expect(')');
    }
}
