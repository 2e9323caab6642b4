using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Storage.Mailboxes;

/// <summary>Taking a message from elsewhere, within the writer's transaction.</summary>
internal static class ImportWork
{
    public static AppendResult Import(
        MailChanges changes,
        (AccountId Account, FolderName Folder, AppendEntry Entry, ImportKey Key, DateTimeOffset Now) wish)
    {
        // Locks the account's row: another node that still writes for the account has the key down, or does not see it yet.
        if (changes.Mailboxes.Folder(wish.Account, wish.Folder.Text) is not { } folder)
        {
            return new AppendResult(FolderOutcome.NoSuchFolder);
        }

        if (changes.Imports.Has(wish.Account, wish.Key))
        {
            return new AppendResult(FolderOutcome.Done, new FolderId(folder.Id), folder.UidValidity, UidSet.Empty);
        }

        var appended = MessageWork.Append(changes, (wish.Account, wish.Folder, [wish.Entry], wish.Now));
        if (appended.Outcome == FolderOutcome.Done)
        {
            changes.Imports.Add(wish.Account, wish.Key, wish.Now);
        }

        return appended;
    }
}
