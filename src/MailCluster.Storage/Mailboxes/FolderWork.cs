using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Storage.Mailboxes;

/// <summary>Making, renaming and deleting folders, each within the writer's transaction.</summary>
internal static class FolderWork
{
    /// <summary>Folders of one account.</summary>
    public const int MostFolders = 5000;

    /// <summary>Subscriptions of one account; more than folders, for they outlive them.</summary>
    public const int MostSubscriptions = 10_000;

    public static FolderChange Create(
        MailChanges changes, (AccountId Account, FolderName Name, string? SpecialUse, DateTimeOffset Now) wish)
    {
        if (changes.Mailboxes.Folder(wish.Account, FolderNames.Inbox) is not { } inbox)
        {
            return new FolderChange(FolderOutcome.NoSuchFolder);
        }

        var known = changes.Folders.Folders(wish.Account);
        if (!MayCreate(changes, wish.Account, known, wish.Name))
        {
            return new FolderChange(FolderOutcome.NoRight);
        }

        if (known.Any(folder => folder.Name == wish.Name))
        {
            return new FolderChange(FolderOutcome.AlreadyExists);
        }

        if (wish.SpecialUse is { } use
            && (known.Any(folder => folder.SpecialUse == use) || !changes.Mailboxes.IsOwner(wish.Account)))
        {
            return new FolderChange(FolderOutcome.NotAllowed);
        }

        return Create(changes, inbox.Account, known, wish.Name, wish.SpecialUse, wish.Now) is { } id
            ? new FolderChange(FolderOutcome.Done, id)
            : new FolderChange(FolderOutcome.NotAllowed);
    }

    public static FolderChange Delete(MailChanges changes, (AccountId Account, FolderName Name) wish)
    {
        // Locks the account's row for nodes that store into it; the counters stay until the messages go.
        if (changes.Mailboxes.Folder(wish.Account, wish.Name.Text) is not { } folder)
        {
            return new FolderChange(FolderOutcome.NoSuchFolder);
        }

        if (folder.Check(FolderRights.DeleteFolder) is var refused and not FolderOutcome.Done)
        {
            return new FolderChange(refused);
        }

        if (wish.Name.IsInbox)
        {
            return new FolderChange(FolderOutcome.NotAllowed);
        }

        if (changes.Folders.Folders(wish.Account).Any(other => other.Name.IsBelow(wish.Name)))
        {
            return new FolderChange(FolderOutcome.HasChildren);
        }

        folder.NextModSeq();
        changes.Mailboxes.Save(folder.Account);
        changes.Folders.Hide(new FolderId(folder.Id));
        changes.Access.ForgetFolder(new FolderId(folder.Id));
        changes.Annotations.Delete(wish.Account, new FolderId(folder.Id));
        return new FolderChange(FolderOutcome.Done, new FolderId(folder.Id));
    }

    /// <summary>A step of what is left of a deletion; fewer than a full step when nothing is.</summary>
    public static List<BodyId> DeleteStep(MailChanges changes, AccountId account)
    {
        var bodies = changes.Mailboxes.RemoveSomeDeleted(account);
        if (bodies.Count < MailboxChanges.LargestRemoval)
        {
            changes.Folders.RemoveEmpty(account);
        }

        return bodies;
    }

    public static FolderChange Rename(
        MailChanges changes, (AccountId Account, FolderName From, FolderName To, DateTimeOffset Now) wish)
    {
        if (changes.Mailboxes.Folder(wish.Account, wish.From.Text) is not { } folder)
        {
            return new FolderChange(FolderOutcome.NoSuchFolder);
        }

        if (folder.Check(FolderRights.DeleteFolder) is var refused and not FolderOutcome.Done)
        {
            return new FolderChange(refused);
        }

        if (wish.From.IsInbox && !changes.Mailboxes.IsOwner(wish.Account))
        {
            return new FolderChange(FolderOutcome.NotAllowed);
        }

        var known = changes.Folders.Folders(wish.Account);
        if (!MayCreate(changes, wish.Account, known, wish.To))
        {
            return new FolderChange(FolderOutcome.NoRight);
        }

        if (known.Any(other => other.Name == wish.To))
        {
            return new FolderChange(FolderOutcome.AlreadyExists);
        }

        return wish.From.IsInbox ? RenameInbox(changes, folder, known, wish.To, wish.Now)
            : wish.To.IsBelow(wish.From) ? new FolderChange(FolderOutcome.NotAllowed)
            : Rename(changes, folder, known, (wish.From, wish.To, wish.Now));
    }

    public static bool Subscribe(MailChanges changes, (AccountId Account, FolderName Name, bool Subscribed) wish)
    {
        if (!wish.Subscribed)
        {
            changes.Folders.Unsubscribe(wish.Account, wish.Name);
            return true;
        }

        if (changes.Mailboxes.Folder(wish.Account, FolderNames.Inbox) is null
            || changes.Folders.Subscriptions(wish.Account) >= MostSubscriptions)
        {
            return false;
        }

        changes.Mailboxes.Subscribe(wish.Account, wish.Name.Text);
        return true;
    }

    /// <summary>RFC 4314 §4: what counts is the nearest folder above that there is. Above all stands the owner alone.</summary>
    private static bool MayCreate(MailChanges changes, AccountId account, List<KnownFolder> known, FolderName name)
    {
        var isOwner = changes.Mailboxes.IsOwner(account);
        var rights = NearestAbove(known, name) is not { } above
            ? isOwner ? FolderRights.All : FolderRights.None
            : isOwner ? above.OwnerRights : changes.Access.RightsOf(above.Id.Value, changes.Mailboxes.Asker!.Value);
        return rights.HasFlag(FolderRights.CreateBelow);
    }

    private static KnownFolder? NearestAbove(List<KnownFolder> known, FolderName name)
    {
        for (var above = name.Parent; above is { } parent; above = parent.Parent)
        {
            if (known.Find(folder => folder.Name == parent) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static FolderChange RenameInbox(
        MailChanges changes, FolderState inbox, List<KnownFolder> known, FolderName to, DateTimeOffset now)
    {
        if (Create(changes, inbox.Account, known, to, specialUse: null, now) is not { } id)
        {
            return new FolderChange(FolderOutcome.NotAllowed);
        }

        changes.Annotations.Copy(inbox.Account.Id, new FolderId(inbox.Id), id, ++inbox.Account.ModSeq);
        var moved = MessageWork.Transfer(changes, inbox, UidSet.All, to, isMove: true, now);
        changes.Mailboxes.Save(inbox.Account); // where there was nothing to move
        return new FolderChange(moved.Outcome, id, moved);
    }

    private static FolderChange Rename(
        MailChanges changes,
        FolderState folder,
        List<KnownFolder> known,
        (FolderName From, FolderName To, DateTimeOffset Now) names)
    {
        var renamed = new List<(FolderId Id, FolderName Name)>();
        foreach (var other in known.Where(other => other.Name == names.From || other.Name.IsBelow(names.From)))
        {
            // An inferior's name may become too long or too deep.
            if (!FolderName.TryParse(names.To.Text + other.Name.Text[names.From.Text.Length..], out var name))
            {
                return new FolderChange(FolderOutcome.NotAllowed);
            }

            renamed.Add((other.Id, name));
        }

        if (names.To.Parent is { } parent && known.All(other => other.Name != parent)
            && Create(changes, folder.Account, known, parent, specialUse: null, names.Now) is null)
        {
            return new FolderChange(FolderOutcome.NotAllowed);
        }

        foreach (var (id, name) in renamed)
        {
            changes.Folders.Rename(id, name.Text);
        }

        folder.NextModSeq();
        changes.Mailboxes.Save(folder);
        return new FolderChange(FolderOutcome.Done, new FolderId(folder.Id));
    }

    /// <summary>Null where the account has too many; nothing is made then.</summary>
    private static FolderId? Create(
        MailChanges changes,
        AccountState account,
        List<KnownFolder> known,
        FolderName name,
        string? specialUse,
        DateTimeOffset now)
    {
        var missing = new Stack<FolderName>();
        for (FolderName? at = name; at is { } one && known.All(folder => folder.Name != one); at = one.Parent)
        {
            missing.Push(one);
        }

        if (known.Count + missing.Count > MostFolders)
        {
            return null;
        }

        var above = NearestAbove(known, name);
        var id = 0L;
        foreach (var one in missing)
        {
            id = changes.Mailboxes.AddFolder(account, one.Text, one == name ? specialUse : null, now);
            if (above is not null)
            {
                changes.Access.Inherit(id, above);
            }
        }

        changes.Mailboxes.Save(account);
        return new FolderId(id);
    }
}
