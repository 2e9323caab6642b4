using System.Text;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Storage.Mailboxes;

/// <summary>What is done to messages of a folder, each within the writer's transaction.</summary>
internal static partial class MessageWork
{
    /// <summary>RFC 6851 §4.2: as for COPY, STORE and EXPUNGE.</summary>
    private const FolderRights ToMove = FolderRights.Read | FolderRights.DeleteMessages | FolderRights.Expunge;

    public static AppendResult Append(
        MailChanges changes,
        (AccountId Account, FolderName Folder, IReadOnlyList<AppendEntry> Entries, DateTimeOffset Now) wish)
    {
        if (changes.Mailboxes.Folder(wish.Account, wish.Folder.Text) is not { } folder)
        {
            return new AppendResult(FolderOutcome.NoSuchFolder);
        }

        if (folder.Check(FolderRights.Insert) is var refused and not FolderOutcome.Done)
        {
            return new AppendResult(refused);
        }

        wish.Entries = [.. wish.Entries.Select(entry => Allowed(folder, entry))];
        long[] sizes = [.. wish.Entries.Select(entry => entry.BodySize + Encoding.UTF8.GetByteCount(entry.Prefix))];
        if (!folder.Account.Fits(sizes.Sum(), sizes.Length))
        {
            return new AppendResult(FolderOutcome.OverQuota);
        }

        if (!TakeKeywords(folder, wish.Entries.Select(entry => Keywords.Join(entry.Keywords))))
        {
            return new AppendResult(FolderOutcome.TooManyKeywords);
        }

        var first = folder.UidNext;
        var modseq = folder.NextModSeq();
        for (var i = 0; i < sizes.Length; i++)
        {
            changes.Mailboxes.Add(folder, wish.Entries[i], sizes[i], modseq, wish.Now);
        }

        changes.Mailboxes.Save(folder);
        return new AppendResult(
            FolderOutcome.Done,
            new FolderId(folder.Id),
            folder.UidValidity,
            UidSet.Of(Enumerable.Range(0, sizes.Length).Select(i => new Uid((uint)(first + i)))),
            modseq,
            folder.StoredModSeq);
    }

    public static FlagsResult StoreFlags(
        MailChanges changes, (AccountId Account, FolderId Folder, UidSet Uids, FlagsChange Change) wish)
    {
        if (changes.Mailboxes.Folder(wish.Account, wish.Folder) is not { } folder)
        {
            return new FlagsResult(FolderOutcome.NoSuchFolder, 0, [], UidSet.Empty);
        }

        var change = wish.Change;
        if (!folder.Rights.AllowsSome(change))
        {
            var refused = folder.Rights.HasFlag(FolderRights.Lookup) ? FolderOutcome.NoRight : FolderOutcome.NoSuchFolder;
            return new FlagsResult(refused, 0, [], UidSet.Empty);
        }

        var allowed = folder.Rights.ChangeableFlags();
        var mayWrite = folder.Rights.HasFlag(FolderRights.Write);
        change = change with { Flags = change.Flags & allowed, Keywords = mayWrite ? change.Keywords : [] };
        var named = Keywords.InCaseOf(folder.Keywords, Keywords.Join(change.Keywords));
        var failed = changes.Messages.ChangedSince(folder, wish.Uids, change.UnchangedSince);
        var changesCounts = change.Action == FlagsAction.Replace || (change.Flags & FolderCounts.Counted) != MessageFlags.None;
        var before = changesCounts ? changes.Messages.Counts(folder, wish.Uids) : default;
        var modseq = folder.NextModSeq();
        if (change.Action != FlagsAction.Remove && !TakeKeywords(folder, [named])
            || !Apply(changes, folder, wish.Uids, change, named, modseq))
        {
            return new FlagsResult(FolderOutcome.TooManyKeywords, 0, [], UidSet.Empty);
        }

        var changed = changes.Messages.Changed(folder, wish.Uids, modseq);
        if (changed.IsEmpty)
        {
            return new FlagsResult(FolderOutcome.Done, 0, [], failed);
        }

        if (changesCounts)
        {
            folder.Charge(changes.Messages.Counts(folder, wish.Uids) - before);
        }

        changes.Mailboxes.Save(folder);
        return new FlagsResult(FolderOutcome.Done, modseq, changed, failed, folder.StoredModSeq);
    }

    public static CopyResult Copy(
        MailChanges changes,
        (AccountId Account, FolderId From, UidSet Uids, FolderName To, bool IsMove, DateTimeOffset Now) wish) =>
        changes.Mailboxes.Folder(wish.Account, wish.From) is not { } from ? new CopyResult(FolderOutcome.NoSuchFolder)
        : from.Check(wish.IsMove ? ToMove : FolderRights.Read) != FolderOutcome.Done ? new CopyResult(FolderOutcome.NoRight)
        : Transfer(changes, from, wish.Uids, wish.To, wish.IsMove, wish.Now);

    public static CopyResult Transfer(
        MailChanges changes, FolderState from, UidSet asked, FolderName name, bool isMove, DateTimeOffset now)
    {
        // The new messages of a copy within the folder are none of those that were asked for.
        if (changes.Mailboxes.Folder(from.Account.Id, name.Text, from.Account) is not { } to)
        {
            return new CopyResult(FolderOutcome.NoSuchFolder);
        }

        to = to.Id == from.Id ? from : to;
        var uids = changes.Messages.Existing(from, asked);
        var counts = changes.Messages.Counts(from, uids);
        if (Refusal(changes, from, to, uids, counts, addsToAccount: !isMove) is { } refusal)
        {
            return refusal;
        }

        var result = new CopyResult(FolderOutcome.Done, new FolderId(to.Id), to.UidValidity, uids, UidSet.Empty);
        return uids.IsEmpty ? result : Transfer(changes, from, to, counts, result, isMove, now);
    }

    /// <summary>Why nothing can be copied into the folder, or null; it has the keywords then.</summary>
    public static CopyResult? Refusal(
        MailChanges changes, FolderState from, FolderState to, UidSet uids, FolderCounts counts, bool addsToAccount) =>
        to.Check(FolderRights.Insert) is var refused and not FolderOutcome.Done ? new CopyResult(refused)
        : addsToAccount && !to.Account.Fits(counts.Size, counts.Messages) ? new CopyResult(FolderOutcome.OverQuota)
        : to.Rights.HasFlag(FolderRights.Write) && !TakeKeywords(to, changes.Messages.KeywordSets(from, uids))
            ? new CopyResult(FolderOutcome.TooManyKeywords)
        : null;

    /// <summary>Copies into a folder of another account, which alone changes.</summary>
    public static CopyResult CopyInto(
        MailChanges changes, FolderState from, UidSet uids, FolderState to, FolderCounts counts, DateTimeOffset now)
    {
        var result = new CopyResult(FolderOutcome.Done, new FolderId(to.Id), to.UidValidity, uids, UidSet.Empty);
        if (uids.IsEmpty)
        {
            return result;
        }

        var modseq = to.NextModSeq();
        var copied = Insert(changes, from, uids, to, counts, modseq, now);
        changes.Mailboxes.Save(to);
        return result with { To = copied, ToModSeq = modseq };
    }

    /// <summary>One step: what went, and which bodies it had.</summary>
    public static (ExpungeResult Result, List<BodyId> Bodies) Expunge(
        MailChanges changes, (AccountId Account, FolderId Folder, UidSet Uids) wish) =>
        Expunge(changes, wish, FolderRights.Expunge, changes.Messages.SomeDeleted);

    /// <summary>The same of whatever is found.</summary>
    public static (ExpungeResult Result, List<BodyId> Bodies) Expunge(
        MailChanges changes,
        (AccountId Account, FolderId Folder, UidSet Uids) wish,
        FolderRights needed,
        Func<FolderState, UidSet, List<(Uid Uid, BodyId Body)>> find)
    {
        if (changes.Mailboxes.Folder(wish.Account, wish.Folder) is not { } folder)
        {
            return (new ExpungeResult(FolderOutcome.NoSuchFolder, UidSet.Empty, 0), []);
        }

        if (folder.Check(needed) is var refused and not FolderOutcome.Done)
        {
            return (new ExpungeResult(refused, UidSet.Empty, 0), []);
        }

        var found = find(folder, wish.Uids);
        if (found.Count == 0)
        {
            return (new ExpungeResult(FolderOutcome.Done, UidSet.Empty, 0), []);
        }

        var uids = UidSet.Of(found.Select(message => message.Uid));
        var modseq = folder.NextModSeq();
        changes.Messages.Remove(folder, uids, modseq);
        foreach (var (_, body) in found)
        {
            changes.Messages.RemoveComputed(body);
        }

        changes.Mailboxes.Save(folder);
        return (
            new ExpungeResult(FolderOutcome.Done, uids, modseq, folder.StoredModSeq),
            [.. found.Select(message => message.Body)]);
    }

    private static CopyResult Transfer(
        MailChanges changes,
        FolderState from,
        FolderState to,
        FolderCounts counts,
        CopyResult result,
        bool isMove,
        DateTimeOffset now)
    {
        var modseq = to.NextModSeq();
        var copied = Insert(changes, from, result.From!, to, counts, modseq, now);
        var removed = 0L;
        if (isMove)
        {
            removed = from.NextModSeq();
            changes.Messages.Remove(from, result.From!, removed);
        }

        changes.Mailboxes.Save(from);
        if (to != from)
        {
            changes.Mailboxes.Save(to);
        }

        return result with
        {
            To = copied,
            ToModSeq = modseq,
            FromModSeq = removed,
            FromBefore = from.StoredModSeq,
        };
    }

    /// <summary>Messages get the flags alone that who asks may set (RFC 4314 §4).</summary>
    private static UidSet Insert(
        MailChanges changes, FolderState from, UidSet uids, FolderState to, FolderCounts counts, long modseq, DateTimeOffset now)
    {
        var flags = to.Rights.ChangeableFlags();
        var copied = changes.Messages.Copy(from, uids, to, flags, modseq, now);
        to.Charge(flags == ~MessageFlags.None ? counts : changes.Messages.Counts(to, copied));
        return copied;
    }

    private static AppendEntry Allowed(FolderState folder, AppendEntry entry) => entry with
    {
        Flags = entry.Flags & folder.Rights.ChangeableFlags(),
        Keywords = folder.Rights.HasFlag(FolderRights.Write) ? entry.Keywords : [],
    };

    /// <summary>False where a message would get too many; the caller then changes nothing.</summary>
    private static bool Apply(
        MailChanges changes, FolderState folder, UidSet uids, FlagsChange change, string named, long modseq)
    {
        var keep = change.Action switch
        {
            FlagsAction.Add => ~MessageFlags.None,
            FlagsAction.Remove => ~change.Flags,
            _ => ~folder.Rights.ChangeableFlags(),
        };
        var replacesKeywords = change.Action == FlagsAction.Replace && folder.Rights.HasFlag(FolderRights.Write);
        var add = change.Action == FlagsAction.Remove ? MessageFlags.None : change.Flags;
        if (!replacesKeywords && named.Length == 0)
        {
            changes.Messages.SetFlags(folder, uids, keep, add, modseq, change.UnchangedSince);
            return true;
        }

        var sets = changes.Messages.KeywordSets(folder, uids)
            .Select(old => (Old: old, New: Renewed(change.Action, old, named))).ToList();
        if (sets.Any(set => Keywords.Count(set.New) > Keywords.PerMessage))
        {
            return false;
        }

        // A set may become one that comes later: to change that once more changes nothing.
        foreach (var (old, renewed) in sets)
        {
            changes.Messages.SetKeywords(folder, uids, keep, add, old, renewed, modseq, change.UnchangedSince);
        }

        return true;
    }

    private static string Renewed(FlagsAction action, string old, string named) => action switch
    {
        FlagsAction.Add => Keywords.Union(old, named),
        FlagsAction.Remove => Keywords.Except(old, named),
        _ => named,
    };

    private static bool TakeKeywords(FolderState folder, IEnumerable<string> sets)
    {
        var all = folder.Keywords;
        foreach (var set in sets)
        {
            if (Keywords.Count(set) > Keywords.PerMessage)
            {
                return false;
            }

            all = Keywords.Union(all, set);
        }

        if (Keywords.Count(all) > Keywords.PerFolder)
        {
            return false;
        }

        folder.Keywords = all;
        return true;
    }
}
