using MailCluster.Imap.Sessions;
using MailCluster.ImapPlay;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Tests;

/// <summary>The mailbox in memory, for plays.</summary>
/// <param name="forgets">What went is soon forgotten, so that whole lists must be compared.</param>
internal sealed class FakePlayedStore(bool forgets = false) : IPlayedStore
{
    private readonly FakeMailbox _mailbox = new();

    public AppendResult Deliver(MailboxChange.Append message) => (AppendResult)_mailbox.Apply(message);

    public EffectAnswer Answer(SessionEffect effect) => effect switch
    {
        SessionEffect.CheckPassword => new EffectAnswer.PasswordChecked(new LoginAccount(new AccountId(1), "bob@hamburger.edu")),
        SessionEffect.FindFolder find => new EffectAnswer.Found(_mailbox.Find(find.Name)?.Snapshot()),
        SessionEffect.OpenFolder open => new EffectAnswer.Opened(
            _mailbox.Find(open.Name) is { } folder ? new OpenedFolder(folder.Snapshot(), folder.Uids) : null),
        SessionEffect.ReadNews read => new EffectAnswer.News(News(_mailbox.Find(read.Folder)!, read.Since)),
        SessionEffect.Fetch fetch => new EffectAnswer.Messages(
            _mailbox.Find(fetch.Folder)!.Fetch(fetch.Uids, fetch.Columns, fetch.After, fetch.Limit)),
        SessionEffect.FindUids find => new EffectAnswer.Uids(_mailbox.Find(find.Folder)!.Find(find.Criteria)),
        SessionEffect.ReadExpunged read => new EffectAnswer.Expunged(Expunged(_mailbox.Find(read.Folder)!, read.Since)),
        SessionEffect.ReadSlices read => new EffectAnswer.Slices([.. read.Slices.Select(_ => (ReadOnlyMemory<byte>?)Array.Empty<byte>())]),
        SessionEffect.EndBody => new EffectAnswer.BodyStored(new BodyId((UInt128)4711), 1),
        SessionEffect.Change change => new EffectAnswer.Changed(_mailbox.Apply(change.What)),
        _ => EffectAnswer.Done.Instance,
    };

    private FolderNews News(FakeFolder folder, long since) => new(
        folder.Snapshot(), folder.Find(new MessageCriteria { ChangedSince = since }), Expunged(folder, since));

    private ExpungedUids Expunged(FakeFolder folder, long since) =>
        forgets ? new ExpungedUids(UidSet.Empty, IsForgotten: true) : folder.ExpungedSince(since);
}
