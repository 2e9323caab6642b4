using System.Collections.Immutable;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Tests;

/// <summary>METADATA entries of the account.</summary>
internal sealed partial class FakeMailbox
{
    private readonly Dictionary<(FolderId Folder, EntryName Name), (ReadOnlyMemory<byte>? Value, long ModSeq)> _entries = [];

    public ImmutableArray<Annotation> Annotations(FolderId folder) =>
        [.. _entries.Where(entry => entry.Key.Folder == folder && entry.Value.Value is not null)
            .Select(entry => new Annotation(folder, entry.Key.Name, entry.Value.Value!.Value))
            .OrderBy(entry => entry.Name.Text, StringComparer.Ordinal)];

    public ImmutableArray<Annotation> Annotations(ImmutableArray<EntryName> names) =>
        [.. _folders.SelectMany(folder => Annotations(folder.Id)).Where(entry => names.Contains(entry.Name))];

    public AnnotationNews AnnotationNews(long since) => new(
        _modseq,
        [.. _entries.Where(entry => entry.Value.ModSeq > since)
            .Select(entry => new ChangedAnnotation(entry.Key.Folder, entry.Key.Name, entry.Value.ModSeq))
            .OrderBy(changed => changed.Folder.Value).ThenBy(changed => changed.Name.Text, StringComparer.Ordinal)]);

    private AnnotationResult Annotate(MailboxChange.Annotate annotate)
    {
        if (annotate.Folder is { } name && Find(name) is null)
        {
            return new AnnotationResult(FolderOutcome.NoSuchFolder);
        }

        var folder = annotate.Folder is { } named ? Find(named)!.Id : default;
        if (Annotations(folder).Length + annotate.Entries.Length > Annotation.MaxEntries)
        {
            return new AnnotationResult(FolderOutcome.TooManyAnnotations);
        }

        _modseq++;
        foreach (var (entry, value) in annotate.Entries)
        {
            _entries[(folder, entry)] = (value, _modseq);
        }

        return new AnnotationResult(FolderOutcome.Done, _modseq);
    }

    private void Forget(FolderId folder)
    {
        foreach (var entry in _entries.Keys.Where(entry => entry.Folder == folder).ToList())
        {
            _entries.Remove(entry);
        }
    }
}
