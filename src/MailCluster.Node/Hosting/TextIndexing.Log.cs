namespace MailCluster.Node.Hosting;

internal static partial class TextIndexingLog
{
    [LoggerMessage(EventId = 210, Level = LogLevel.Warning, Message = "Texts are not indexed for now, later again: {Reason}")]
    public static partial void IndexingFailed(this ILogger logger, string reason);

    [LoggerMessage(
        EventId = 211,
        Level = LogLevel.Warning,
        Message = "PostgreSQL has no pg_trgm, so a search of texts reads all texts of the folder: install its contrib package, "
            + "then CREATE EXTENSION pg_trgm, and make the index body_trigram")]
    public static partial void NoIndex(this ILogger logger);
}
