using Serilog.Core;
using Serilog.Events;

namespace MailCluster.Node.Logging;

/// <summary>
/// The actor system's own messages, below a level. Actors of ours log under the same category, so that the category
/// cannot tell them apart; the path of the actor can.
/// </summary>
internal sealed class AkkaNoise(LogEventLevel level)
{
    private const string Category = "Akka.Actor.ActorSystem";
    private const string PathProperty = "ActorPath";

    /// <summary>Sharded actors: the region's name, the shard's, the entity's stand behind this.</summary>
    private const string ShardingPath = "/system/sharding/";

    private const int PartsOfEntityPath = 3;
    private const string Coordinator = "Coordinator/";

    public bool Contains(LogEvent entry) =>
        entry.Level < level
        && entry.Properties.TryGetValue(Constants.SourceContextPropertyName, out var category)
        && category is ScalarValue { Value: Category }
        && !IsOurs(entry);

    private static bool IsOurs(LogEvent entry)
    {
        if (!entry.Properties.TryGetValue(PathProperty, out var property)
            || property is not ScalarValue { Value: string path })
        {
            return false;
        }

        if (path.Contains("/user/", StringComparison.Ordinal))
        {
            return true;
        }

        var sharded = path.IndexOf(ShardingPath, StringComparison.Ordinal);
        return sharded >= 0
            && path.AsSpan(sharded + ShardingPath.Length).Count('/') >= PartsOfEntityPath - 1
            && !path.Contains(Coordinator, StringComparison.Ordinal);
    }
}
