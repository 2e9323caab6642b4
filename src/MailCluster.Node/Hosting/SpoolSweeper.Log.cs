namespace MailCluster.Node.Hosting;

internal static partial class SpoolSweeperLog
{
    [LoggerMessage(EventId = 200, Level = LogLevel.Information, Message = "Swept {Count} bodies that nobody held")]
    public static partial void Swept(this ILogger logger, int count);

    [LoggerMessage(EventId = 201, Level = LogLevel.Warning, Message = "The spool could not be swept, later again")]
    public static partial void SweepFailed(this ILogger logger, Exception trouble);
}
