using MailCluster.Storage;
using MailCluster.Storage.Search;

namespace MailCluster.Node.Hosting;

/// <summary>
/// Indexes the text of stored messages behind the deliveries, on nodes that hold mailboxes: what their Mailbox actors tell,
/// and when the node starts whatever nobody has indexed. What is not indexed yet is searched all the same, by reading it.
/// </summary>
internal sealed class TextIndexing(TextIndexer indexer, MailStorage storage, ILogger<TextIndexing> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        indexer.Failed += trouble => logger.IndexingFailed(trouble.Message);
        await WarnOfMissingIndexAsync(stoppingToken);
        await indexer.RunAsync(stoppingToken);
    }

    private async Task WarnOfMissingIndexAsync(CancellationToken cancellation)
    {
        try
        {
            if (await storage.Texts.GetKindAsync(cancellation) == TextIndexKind.None)
            {
                logger.NoIndex();
            }
        }
        catch (StorageException)
        {
            // Then the indexer tells of it.
        }
    }
}
