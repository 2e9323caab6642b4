using System.Collections.Immutable;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;
using MailCluster.Storage;
using MailCluster.Storage.Mailboxes;

namespace MailCluster.Actors.Tests.Fakes;

/// <summary>One INBOX, as the store shows it; can be told to fail, or to make its readers wait.</summary>
internal sealed class SmallFolders : IFolderReader
{
    public static readonly FolderId InboxId = new(7);

    private static readonly FolderName Inbox = FolderName.Parse("INBOX");

    private readonly Lock _lock = new();
    private ImmutableArray<FetchedMessage> _messages = [];
    private ImmutableArray<(Uid Uid, long ModSeq)> _expunged = [];
    private uint _uidNext = 1;
    private long _modseq = 1;

    public StorageException? FailReads { get; set; }

    /// <summary>Who reads news has read them, and waits for this before it hears of them.</summary>
    public TaskCompletionSource? HoldNews { get; set; }

    /// <summary>How often news were read.</summary>
    public int NewsReads { get; private set; }

    /// <summary>How often a page of messages was read.</summary>
    public int PageReads { get; private set; }

    /// <summary>A message comes; returns the MODSEQ of it.</summary>
    public long Add(BodyId body, long size)
    {
        lock (_lock)
        {
            var now = new DateTimeOffset(2026, 11, 23, 3, 0, 0, TimeSpan.Zero);
            _messages = _messages.Add(new FetchedMessage(new Uid(_uidNext++), ++_modseq, MessageFlags.None, [])
            {
                Size = size,
                InternalDate = now,
                SaveDate = now,
                Body = body,
                Prefix = "",
            });
            return _modseq;
        }
    }

    /// <summary>A message goes; returns the MODSEQ of that.</summary>
    public long Remove(uint uid)
    {
        lock (_lock)
        {
            _messages = _messages.RemoveAll(message => message.Uid.Value == uid);
            _expunged = _expunged.Add((new Uid(uid), ++_modseq));
            return _modseq;
        }
    }

    public Task<FolderList> ListFoldersAsync(AccountId account, CancellationToken cancellation) =>
        Answer(() => new FolderList([Snapshot()], [Inbox]));

    public Task<OpenedFolder?> OpenFolderAsync(AccountId account, FolderName name, CancellationToken cancellation) =>
        Answer(() => name == Inbox ? new OpenedFolder(Snapshot(), Uids()) : null);

    public Task<Folder?> FindFolderAsync(AccountId account, FolderName name, CancellationToken cancellation) =>
        Answer(() => name == Inbox ? Snapshot() : null);

    public Task<ImmutableArray<FetchedMessage>> FetchAsync(
        FolderId folder, UidSet uids, FetchColumns columns, Uid after, int limit, CancellationToken cancellation) =>
        Answer(() =>
        {
            PageReads++;
            return _messages.Where(message => message.Uid > after && uids.Contains(message.Uid)).Take(limit).ToImmutableArray();
        });

    public Task<UidSet> FindUidsAsync(FolderId folder, MessageCriteria criteria, CancellationToken cancellation) =>
        Answer(() => Uids().Intersect(criteria.Uids ?? Uids()));

    public async Task<FolderNews?> ReadNewsAsync(FolderId folder, long since, CancellationToken cancellation)
    {
        var news = await Answer(() =>
        {
            NewsReads++;
            return new FolderNews(
                Snapshot(),
                UidSet.Of(_messages.Where(message => message.ModSeq > since).Select(message => message.Uid)),
                Expunged(since));
        });
        await (HoldNews?.Task ?? Task.CompletedTask).WaitAsync(cancellation);
        return news;
    }

    public Task<ExpungedUids> ExpungedSinceAsync(FolderId folder, long modseq, CancellationToken cancellation) =>
        Answer(() => Expunged(modseq));

    public Task<long> HighestModSeqAsync(FolderId folder, UidSet uids, CancellationToken cancellation) => Answer(() =>
        _messages.Where(message => uids.Contains(message.Uid)).Select(message => message.ModSeq).DefaultIfEmpty().Max());

    public Task<ImmutableArray<SharedFolder>> ListSharedAsync(AccountId asker, CancellationToken cancellation) =>
        Answer(() => ImmutableArray<SharedFolder>.Empty);

    public Task<Folder?> FindSharedAsync(
        AccountId owner, AccountId asker, FolderName name, CancellationToken cancellation) => Answer<Folder?>(() => null);

    public Task<OpenedFolder?> OpenSharedAsync(
        AccountId owner, AccountId asker, FolderName name, CancellationToken cancellation) => Answer<OpenedFolder?>(() => null);

    public Task<FolderRights> GetSharedRightsAsync(FolderId folder, AccountId asker, CancellationToken cancellation) =>
        Answer(() => FolderRights.None);

    public Task<ImmutableArray<AccessEntry>> ListAccessAsync(FolderId folder, CancellationToken cancellation) =>
        Answer(() => ImmutableArray<AccessEntry>.Empty);

    public Task<HashSet<ImportKey>> FindImportedAsync(
        AccountId account, IReadOnlyCollection<ImportKey> keys, CancellationToken cancellation) =>
        Answer(() => new HashSet<ImportKey>());

    public Task<ImmutableArray<Annotation>> ReadAnnotationsAsync(
        AccountId account, FolderId folder, CancellationToken cancellation) => Answer(() => ImmutableArray<Annotation>.Empty);

    public Task<ImmutableArray<Annotation>> FindAnnotationsAsync(
        AccountId account, ImmutableArray<EntryName> names, CancellationToken cancellation) =>
        Answer(() => ImmutableArray<Annotation>.Empty);

    public Task<AnnotationNews> ReadAnnotationNewsAsync(AccountId account, long since, CancellationToken cancellation) =>
        Answer(() => new AnnotationNews(since, []));

    public Task<QuotaUsage?> GetQuotaAsync(AccountId account, CancellationToken cancellation) =>
        Answer<QuotaUsage?>(() => null);

    public Task<byte[]?> ReadStructureAsync(BodyId body, CancellationToken cancellation) => Answer<byte[]?>(() => null);

    private ExpungedUids Expunged(long since) =>
        new(UidSet.Of(_expunged.Where(gone => gone.ModSeq > since).Select(gone => gone.Uid)), false);

    private UidSet Uids() => UidSet.Of(_messages.Select(message => message.Uid));

    private Folder Snapshot() => new(
        InboxId, Inbox, null, new UidValidity(1), new Uid(_uidNext), _modseq, _messages.Length, _messages.Length, 0, 0, 0, []);

    private Task<T> Answer<T>(Func<T> answer)
    {
        lock (_lock)
        {
            return FailReads is { } failure ? Task.FromException<T>(failure) : Task.FromResult(answer());
        }
    }
}
