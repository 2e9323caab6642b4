namespace MailCluster.Node.Membership;

internal static partial class LoggedReadinessLog
{
    [LoggerMessage(EventId = 303, Level = LogLevel.Information, Message = "Ready")]
    public static partial void Ready(this ILogger<LoggedReadiness> logger);

    // No warning: every start and every stop comes through here.
    [LoggerMessage(EventId = 304, Level = LogLevel.Information, Message = "Not ready: {Trouble}")]
    public static partial void NotReady(this ILogger<LoggedReadiness> logger, string trouble);
}
