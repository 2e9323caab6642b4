using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;
using MailCluster.Mail.Search;
using MailCluster.Storage.Mailboxes;
using MailCluster.Storage.Sql;

namespace MailCluster.Storage.Search;

/// <summary>The texts of bodies, in the mail database, where deliveries come first.</summary>
internal sealed class SqlTextIndex(WritesBehind<MailChanges> writes, Reads<TextQueries> reads) : ITextIndex
{
    public Task WriteAsync(IReadOnlyList<IndexedText> texts, CancellationToken cancellation) =>
        texts.Count == 0 ? Task.CompletedTask : writes.WriteAsync(texts, TextChanges.Add, cancellation);

    public Task<TextMatches> FindAsync(
        FolderId folder, UidSet uids, TextCriterion criterion, CancellationToken cancellation) => ReadAsync(
            (folder, uids, criterion),
            static (texts, wish) => texts.Find(wish.folder, wish.uids, wish.criterion),
            cancellation);

    public async Task<UnindexedBodies> ListNotIndexedAsync(BodyId after, int limit, CancellationToken cancellation)
    {
        var (found, lonely) = await ReadAsync(
            (after, limit),
            static (texts, step) =>
            {
                var found = texts.NotIndexed(step.after, step.limit);
                return (found, texts.Lonely(step.after, found.Next ?? new BodyId(UInt128.MaxValue)));
            },
            cancellation).ConfigureAwait(false);
        if (lonely.Count > 0)
        {
            await writes.WriteAsync(lonely, Remove, cancellation).ConfigureAwait(false);
        }

        return found;
    }

    public Task<TextIndexKind> GetKindAsync(CancellationToken cancellation) =>
        ReadAsync(0, static (texts, _) => texts.Kind(), cancellation);

    private static bool Remove(MailChanges changes, List<BodyId> bodies)
    {
        foreach (var body in bodies)
        {
            changes.Texts.Remove(body);
        }

        return true;
    }

    // A large folder is no work for an actor's thread.
    private Task<TResult> ReadAsync<TState, TResult>(
        TState state, Func<TextQueries, TState, TResult> query, CancellationToken cancellation) =>
        Task.Run(() => reads.ReadAsync(state, query, cancellation), cancellation);
}
