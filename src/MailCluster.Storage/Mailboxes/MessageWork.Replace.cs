using System.Text;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Storage.Mailboxes;

/// <summary>One message for another (RFC 8508).</summary>
internal static partial class MessageWork
{
    /// <summary>What came and went, and the body of what went.</summary>
    public static (ReplaceResult Result, List<BodyId> Bodies) Replace(
        MailChanges changes,
        (AccountId Account, FolderId From, Uid Uid, FolderName To, AppendEntry Entry, DateTimeOffset Now) wish)
    {
        if (changes.Mailboxes.Folder(wish.Account, wish.From) is not { } from
            || changes.Mailboxes.Folder(wish.Account, wish.To.Text, from.Account) is not { } to)
        {
            return (new ReplaceResult(FolderOutcome.NoSuchFolder), []);
        }

        to = to.Id == from.Id ? from : to;
        var replaced = UidSet.Of([wish.Uid]);
        var counts = changes.Messages.Counts(from, replaced);
        if (counts.Messages == 0)
        {
            return (new ReplaceResult(FolderOutcome.NoSuchMessage), []);
        }

        // RFC 8508 §3.4: only the net consumption counts; what makes less of it is never refused.
        var size = wish.Entry.BodySize + Encoding.UTF8.GetByteCount(wish.Entry.Prefix);
        if (size > counts.Size && !from.Account.Fits(size - counts.Size, 0))
        {
            return (new ReplaceResult(FolderOutcome.OverQuota), []);
        }

        if (!TakeKeywords(to, [Keywords.Join(wish.Entry.Keywords)]))
        {
            return (new ReplaceResult(FolderOutcome.TooManyKeywords), []);
        }

        return Replace(changes, from, to, replaced, (wish.Entry, size, wish.Now));
    }

    private static (ReplaceResult Result, List<BodyId> Bodies) Replace(
        MailChanges changes,
        FolderState from,
        FolderState to,
        UidSet replaced,
        (AppendEntry Entry, long Size, DateTimeOffset Now) added)
    {
        var bodies = changes.Messages.Bodies(from, replaced);
        var uid = new Uid((uint)to.UidNext);
        var appended = to.NextModSeq();
        changes.Mailboxes.Add(to, added.Entry, added.Size, appended, added.Now);
        var expunged = from.NextModSeq();
        changes.Messages.Remove(from, replaced, expunged);
        foreach (var body in bodies)
        {
            changes.Messages.RemoveComputed(body);
        }

        changes.Mailboxes.Save(from);
        if (to != from)
        {
            changes.Mailboxes.Save(to);
        }

        return (
            new ReplaceResult(
                FolderOutcome.Done,
                new AppendResult(
                    FolderOutcome.Done, new FolderId(to.Id), to.UidValidity, UidSet.Of([uid]), appended, to.StoredModSeq),
                new ExpungeResult(FolderOutcome.Done, replaced, expunged, from.StoredModSeq)),
            bodies);
    }
}
