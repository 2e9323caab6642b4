using System.Collections.Immutable;
using System.Text;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;
using MailCluster.Storage.Spool;
using MailCluster.Storage.Sql;

namespace MailCluster.Storage.Mailboxes;

/// <summary>Folders and messages in the mail database, which they share with the directory.</summary>
internal sealed class SqlMailboxStore(
    GroupWriter<MailChanges> writes, Reads<MailboxQueries> reads, SqlSpool spool, TimeProvider time) : IMailboxStore
{
    /// <summary>Messages removed in one transaction: other accounts' mail must not wait for a large clean-up.</summary>
    private const int LargestStep = 1000;

    private readonly DeliveryPruning _pruning = new(writes, time);

    public Task<ImmutableArray<StoreOutcome>> StoreAsync(
        AccountId account, IReadOnlyList<IncomingCopy> copies, CancellationToken cancellation)
    {
        _pruning.StartIfDue();
        return writes.WriteAsync((account, copies, Now: time.GetUtcNow()), Store, cancellation);
    }

    public Task<long> GetUsedBytesAsync(AccountId account, CancellationToken cancellation) =>
        reads.ReadAsync(account, static (queries, id) => queries.UsedBytes(id), cancellation);

    // A long listing is no work for an actor's thread.
    public Task<FolderListing?> ListInboxAsync(AccountId account, CancellationToken cancellation) => Task.Run(
        () => reads.ReadAsync(account, static (queries, id) => queries.List(id, FolderNames.Inbox), cancellation),
        cancellation);

    public Task<StoredMessage?> FindMessageAsync(AccountId account, Uid uid, CancellationToken cancellation) =>
        reads.ReadAsync(
            (account, uid),
            static (queries, key) => queries.Find(key.account, FolderNames.Inbox, key.uid),
            cancellation);

    public async Task<ImmutableArray<Uid>> ExpungeInboxAsync(
        AccountId account, IReadOnlyCollection<Uid> uids, CancellationToken cancellation)
    {
        var expunged = ImmutableArray.CreateBuilder<Uid>(uids.Count);
        foreach (var step in uids.Chunk(LargestStep))
        {
            var removed = await writes.WriteAsync((account, step), Expunge, cancellation).ConfigureAwait(false);
            expunged.AddRange(removed.Select(message => message.Uid));
            await DiscardAsync([.. removed.Select(message => message.Body)]).ConfigureAwait(false);
        }

        return expunged.DrainToImmutable();
    }

    /// <summary>The messages that had these bodies are gone; deletes the bodies that nobody else needs.</summary>
    public async Task DiscardAsync(IReadOnlyCollection<BodyId> bodies)
    {
        try
        {
            await spool.DiscardAsync(bodies, CancellationToken.None).ConfigureAwait(false);
        }
        catch (StorageException)
        {
            // The messages are gone all the same, and the caller must hear so. The bodies stay until the next sweep.
        }
    }

    private static ImmutableArray<StoreOutcome> Store(
        MailChanges changes, (AccountId Account, IReadOnlyList<IncomingCopy> Copies, DateTimeOffset Now) batch)
    {
        var outcomes = ImmutableArray.CreateBuilder<StoreOutcome>(batch.Copies.Count);
        var inbox = changes.Mailboxes.Folder(batch.Account, FolderNames.Inbox);
        for (var i = 0; i < batch.Copies.Count; i++)
        {
            outcomes.Add(inbox is null ? StoreOutcome.NoSuchAccount : Store(changes, inbox, batch.Copies[i], batch.Now));
        }

        if (inbox is { Added.Messages: > 0 })
        {
            changes.Mailboxes.Save(inbox);
        }

        return outcomes.MoveToImmutable();
    }

    private static StoreOutcome Store(MailChanges changes, FolderState inbox, IncomingCopy copy, DateTimeOffset now)
    {
        var size = copy.BodySize + Encoding.UTF8.GetByteCount(copy.Prefix);
        if (!inbox.Account.Fits(size, messages: 1))
        {
            // A repeat must hear what became of the first, even where the mailbox has filled up since.
            return changes.Deliveries.HasTaken(inbox.Account.Id, copy) ? StoreOutcome.AlreadyStored : StoreOutcome.OverQuota;
        }

        if (!changes.Deliveries.Take(inbox.Account.Id, copy, now))
        {
            return StoreOutcome.AlreadyStored;
        }

        changes.Mailboxes.Add(inbox, copy, size, now);
        return StoreOutcome.Stored;
    }

    private static List<(Uid Uid, BodyId Body)> Expunge(MailChanges changes, (AccountId Account, Uid[] Uids) step)
    {
        var removed = new List<(Uid, BodyId)>(step.Uids.Length);
        if (changes.Mailboxes.Folder(step.Account, FolderNames.Inbox) is not { } inbox)
        {
            return removed;
        }

        foreach (var uid in step.Uids)
        {
            if (changes.Mailboxes.Remove(inbox, uid) is { } body)
            {
                removed.Add((uid, body));
            }
        }

        if (removed.Count > 0)
        {
            changes.Mailboxes.Save(inbox);
        }

        return removed;
    }
}
