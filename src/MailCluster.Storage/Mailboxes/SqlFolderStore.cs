using System.Collections.Immutable;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;
using MailCluster.Storage.Sql;

namespace MailCluster.Storage.Mailboxes;

/// <summary>What IMAP changes, in the mail database.</summary>
internal sealed partial class SqlFolderStore(GroupWriter<MailChanges> writes, SqlMailboxStore mailboxes, TimeProvider time)
    : IFolderStore
{
    public Task<FolderChange> CreateFolderAsync(
        AccountId account, FolderName name, string? specialUse, CancellationToken cancellation) =>
        writes.WriteAsync((account, name, specialUse, time.GetUtcNow()), FolderWork.Create, cancellation);

    public Task<FolderChange> DeleteFolderAsync(
        AccountId account, FolderName name, CancellationToken cancellation) =>
        DeleteAsync(asker: null, account, name, cancellation);

    private async Task<FolderChange> DeleteAsync(
        AccountId? asker, AccountId account, FolderName name, CancellationToken cancellation)
    {
        var change = await WriteAsync(asker, (account, name), FolderWork.Delete, cancellation).ConfigureAwait(false);
        for (var isFull = change.Outcome == FolderOutcome.Done; isFull;)
        {
            var bodies = await writes.WriteAsync(account, FolderWork.DeleteStep, cancellation).ConfigureAwait(false);
            await mailboxes.DiscardAsync(bodies).ConfigureAwait(false);
            isFull = bodies.Count == MailboxChanges.LargestRemoval;
        }

        return change;
    }

    public Task<FolderChange> RenameFolderAsync(
        AccountId account, FolderName from, FolderName to, CancellationToken cancellation) =>
        writes.WriteAsync((account, from, to, time.GetUtcNow()), FolderWork.Rename, cancellation);

    public Task<bool> SubscribeAsync(
        AccountId account, FolderName name, bool subscribed, CancellationToken cancellation) =>
        writes.WriteAsync((account, name, subscribed), FolderWork.Subscribe, cancellation);

    public Task<AppendResult> AppendAsync(
        AccountId account, FolderName folder, IReadOnlyList<AppendEntry> entries, CancellationToken cancellation) =>
        writes.WriteAsync((account, folder, entries, time.GetUtcNow()), MessageWork.Append, cancellation);

    public Task<AppendResult> ImportAsync(
        AccountId account, FolderName folder, AppendEntry entry, ImportKey key, CancellationToken cancellation) =>
        writes.WriteAsync((account, folder, entry, key, time.GetUtcNow()), ImportWork.Import, cancellation);

    public async Task<ReplaceResult> ReplaceAsync(
        AccountId account, FolderId from, Uid uid, FolderName to, AppendEntry entry, CancellationToken cancellation)
    {
        var (result, bodies) = await writes
            .WriteAsync((account, from, uid, to, entry, time.GetUtcNow()), MessageWork.Replace, cancellation)
            .ConfigureAwait(false);
        await mailboxes.DiscardAsync(bodies).ConfigureAwait(false);
        return result;
    }

    public Task<FlagsResult> StoreFlagsAsync(
        AccountId account, FolderId folder, UidSet uids, FlagsChange change, CancellationToken cancellation) =>
        writes.WriteAsync((account, folder, uids, change), MessageWork.StoreFlags, cancellation);

    public Task<CopyResult> CopyAsync(
        AccountId account, FolderId from, UidSet uids, FolderName to, CancellationToken cancellation) =>
        writes.WriteAsync((account, from, uids, to, false, time.GetUtcNow()), MessageWork.Copy, cancellation);

    public Task<CopyResult> MoveAsync(
        AccountId account, FolderId from, UidSet uids, FolderName to, CancellationToken cancellation) =>
        writes.WriteAsync((account, from, uids, to, true, time.GetUtcNow()), MessageWork.Copy, cancellation);

    public Task<ExpungeResult> ExpungeAsync(
        AccountId account, FolderId folder, UidSet uids, CancellationToken cancellation) =>
        ExpungeAsync(asker: null, (account, folder, uids), MessageWork.Expunge, cancellation);

    private async Task<ExpungeResult> ExpungeAsync(
        AccountId? asker,
        (AccountId Account, FolderId Folder, UidSet Uids) wish,
        Func<MailChanges, (AccountId Account, FolderId Folder, UidSet Uids), (ExpungeResult Result, List<BodyId> Bodies)> work,
        CancellationToken cancellation)
    {
        var all = new ExpungeResult(FolderOutcome.Done, UidSet.Empty, 0);
        while (true)
        {
            var (step, bodies) = await WriteAsync(asker, wish, work, cancellation)
                .ConfigureAwait(false);
            await mailboxes.DiscardAsync(bodies).ConfigureAwait(false);
            if (step.ModSeq == 0)
            {
                return all.ModSeq == 0 ? step : all;
            }

            all = step with
            {
                Uids = UidSet.Of(all.Uids.Ranges.Concat(step.Uids.Ranges)),
                Before = all.ModSeq == 0 ? step.Before : all.Before,
            };
            if (bodies.Count < MessageChanges.LargestStep)
            {
                return all;
            }
        }
    }

    public Task<AnnotationResult> AnnotateAsync(
        AccountId account, FolderName? folder, ImmutableArray<AnnotationChange> entries, CancellationToken cancellation) =>
        writes.WriteAsync((account, folder, entries), AnnotationWork.Annotate, cancellation);

    public Task WriteStructureAsync(BodyId body, ReadOnlyMemory<byte> data, CancellationToken cancellation) =>
        writes.WriteAsync(
            (body, data: data.ToArray()),
            static (changes, structure) =>
            {
                changes.Folders.AddStructure(structure.body, structure.data);
                return true;
            },
            cancellation);
}
