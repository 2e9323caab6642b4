using System.Collections.Immutable;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Storage.Mailboxes;

/// <summary>Setting METADATA entries, within the writer's transaction.</summary>
internal static class AnnotationWork
{
    public static AnnotationResult Annotate(
        MailChanges changes, (AccountId Account, FolderName? Folder, ImmutableArray<AnnotationChange> Entries) wish)
    {
        // Also where it is of the server: locks the account's row, and has its counter.
        if (changes.Mailboxes.Folder(wish.Account, wish.Folder?.Text ?? FolderNames.Inbox) is not { } folder)
        {
            return new AnnotationResult(FolderOutcome.NoSuchFolder);
        }

        var owner = new FolderId(wish.Folder is null ? 0 : folder.Id);
        var lengths = changes.Annotations.Lengths(wish.Account, owner);
        var (entries, octets) = (lengths.Count, lengths.Values.Sum());
        var changed = new Dictionary<EntryName, ReadOnlyMemory<byte>?>();
        foreach (var (name, value) in wish.Entries)
        {
            if (value is { } octetsOfValue)
            {
                lengths[name] = octetsOfValue.Length;
                changed[name] = value;
            }
            else if (lengths.Remove(name))
            {
                changed[name] = null;
            }
        }

        var added = lengths.Values.Sum() - octets;
        if (lengths.Count > Math.Max(entries, Annotation.MaxEntries)
            || (added > 0 && changes.Annotations.Octets(wish.Account) + added > Annotation.MaxOctets))
        {
            return new AnnotationResult(FolderOutcome.TooManyAnnotations);
        }

        return changed.Count == 0
            ? new AnnotationResult(FolderOutcome.Done)
            : Write(changes, folder.Account, owner, changed);
    }

    private static AnnotationResult Write(
        MailChanges changes, AccountState account, FolderId owner, Dictionary<EntryName, ReadOnlyMemory<byte>?> changed)
    {
        var modseq = ++account.ModSeq;
        foreach (var (name, value) in changed)
        {
            if (value is { } octets)
            {
                changes.Annotations.Set(account.Id, owner, name, octets, modseq);
            }
            else
            {
                changes.Annotations.Remove(account.Id, owner, name, modseq);
            }
        }

        changes.Mailboxes.Save(account);
        return new AnnotationResult(FolderOutcome.Done, modseq);
    }
}
