using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Storage.Mailboxes;

/// <summary>What concerns rights, and what goes from one account to another, each within the writer's transaction.</summary>
internal static class AccessWork
{
    /// <summary>Entries of one folder; RFC 4314 sets no bound.</summary>
    public const int MostEntries = 1_000;

    public static FolderChange Set(MailChanges changes, (AccountId Account, MailboxChange.SetRights Change) wish)
    {
        var change = wish.Change;
        if (changes.Mailboxes.Folder(wish.Account, change.Folder.Text) is not { } folder)
        {
            return new FolderChange(FolderOutcome.NoSuchFolder);
        }

        if (folder.Check(FolderRights.Administer) is var refused and not FolderOutcome.Done)
        {
            return new FolderChange(refused);
        }

        var entries = changes.Access.Entries(folder.Id);
        var at = entries.FindIndex(entry => entry.Identifier == change.Identifier);
        var isOwner = change.Identifier == new AccessIdentifier(wish.Account, IsNegative: false);
        var before = at >= 0 ? entries[at].Rights : isOwner ? FolderRights.All : FolderRights.None;
        var after = change.Action switch
        {
            FlagsAction.Add => before | change.Rights,
            FlagsAction.Remove => before & ~change.Rights,
            _ => change.Rights,
        };
        if (at >= 0)
        {
            entries.RemoveAt(at);
        }

        if (after == FolderRights.None && !isOwner) // An owner without an entry would have all.
        {
            changes.Access.Remove(folder.Id, change.Identifier);
        }
        else if (entries.Count >= MostEntries)
        {
            return new FolderChange(FolderOutcome.NotAllowed);
        }
        else
        {
            entries.Add((change.Identifier, after));
            changes.Access.Put(folder.Id, change.Identifier, after);
        }

        changes.Access.SaveOwner(folder.Id, entries.RightsOfOwner(wish.Account));
        return new FolderChange(FolderOutcome.Done, new FolderId(folder.Id));
    }

    /// <summary>
    /// Copies messages of another account's folder. The rows are kept from going until the copies are committed, for who
    /// removes the last row of a body removes the body.
    /// </summary>
    public static CopyResult CopyFrom(
        MailChanges changes,
        (AccountId Account, AccountId Asker, MailboxChange.CopyFrom Change, DateTimeOffset Now) wish)
    {
        var change = wish.Change;
        if (changes.Mailboxes.Folder(wish.Account, change.To.Text) is not { } to)
        {
            return new CopyResult(FolderOutcome.NoSuchFolder);
        }

        if (changes.Access.RightsOf(change.Owner, change.From, wish.Asker)?.HasFlag(FolderRights.Read) is not true)
        {
            return new CopyResult(FolderOutcome.NoRight);
        }

        var from = new FolderState(change.From.Value, new AccountState(change.Owner)) { StoredModSeq = 0 };
        var uids = changes.Messages.Kept(from, change.Uids);
        var counts = changes.Messages.Counts(from, uids);
        return MessageWork.Refusal(changes, from, to, uids, counts, addsToAccount: true) is { } refusal
            ? refusal
            : MessageWork.CopyInto(changes, from, uids, to, counts, wish.Now);
    }

    /// <summary>One step of the removal of messages whatever their flags: behind a copy to another account.</summary>
    public static (ExpungeResult Result, List<BodyId> Bodies) Remove(
        MailChanges changes, (AccountId Account, FolderId Folder, UidSet Uids) wish) =>
        MessageWork.Expunge(
            changes, wish, FolderRights.DeleteMessages | FolderRights.Expunge, changes.Messages.Some);
}
