using MailCluster.Mail.Mailboxes;
using MailCluster.Mail.Search;
using MailCluster.Storage.Mailboxes;
using MailCluster.Storage.Spool;

namespace MailCluster.Storage.Search;

/// <summary>
/// Finds texts in a folder: by the index, and in the bodies themselves where the index has not come to them yet. These
/// are read one after the other, so memory is that of one message. Safe for any number of threads.
/// </summary>
public sealed class TextSearch(ITextIndex index, IFolderReader folders, ISpool spool, SearchLimits? limits = null)
{
    /// <summary>Messages whose bodies' numbers are held at a time.</summary>
    private const int Page = 500;

    private readonly SearchLimits _limits = limits ?? SearchLimits.Default;

    /// <summary>Those of the set that are in the folder and match. What was removed meanwhile may be among them or not.</summary>
    /// <exception cref="StorageException">The database failed.</exception>
    public async Task<UidSet> FindAsync(
        FolderId folder, UidSet uids, TextCriterion criterion, CancellationToken cancellation)
    {
        var known = await index.FindAsync(folder, uids, criterion, cancellation).ConfigureAwait(false);
        if (known.NotIndexed.IsEmpty)
        {
            return known.Matching;
        }

        var read = await ReadAllAsync(folder, known.NotIndexed, criterion, cancellation).ConfigureAwait(false);
        return UidSet.Of(known.Matching.Ranges.Concat(UidSet.Of(read).Ranges));
    }

    private async Task<List<Uid>> ReadAllAsync(
        FolderId folder, UidSet uids, TextCriterion criterion, CancellationToken cancellation)
    {
        var matching = new List<Uid>();
        var after = default(Uid);
        while (true)
        {
            var page = await folders.FetchAsync(folder, uids, FetchColumns.Short, after, Page, cancellation)
                .ConfigureAwait(false);
            foreach (var message in page)
            {
                // What stands before the body has been looked at by the index.
                var text = await spool.ReadTextAsync(message.Body, _limits, cancellation).ConfigureAwait(false);
                if (text is not null && criterion.Matches(text))
                {
                    matching.Add(message.Uid);
                }
            }

            if (page.Length < Page)
            {
                return matching;
            }

            after = page[^1].Uid;
        }
    }
}
