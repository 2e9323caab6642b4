using Akka.Actor;

namespace MailCluster.Node.Membership;

internal static partial class ClusterFormationLog
{
    [LoggerMessage(EventId = 300, Level = LogLevel.Information, Message = "No other node: {Address} founds the cluster")]
    public static partial void Founding(this ILogger<ClusterFormation> logger, Address address);

    [LoggerMessage(EventId = 301, Level = LogLevel.Information, Message = "Asking {Count} nodes for the cluster")]
    public static partial void Asking(this ILogger<ClusterFormation> logger, int count);

    [LoggerMessage(EventId = 302, Level = LogLevel.Warning, Message = "The register of members cannot be reached: {Reason}")]
    public static partial void RegisterFailed(this ILogger<ClusterFormation> logger, string reason);

    [LoggerMessage(
        EventId = 303,
        Level = LogLevel.Error,
        Message = "There is a second cluster on this database ({Others}): this node leaves its own and joins that one")]
    public static partial void GivingWay(this ILogger<ClusterFormation> logger, string others);
}
