using MailCluster.Node.Configuration;

namespace MailCluster.Node.Hosting;

/// <summary>
/// The life of the process as a node: start, say what to try next, run until told to stop. A node that the others shut
/// out, because it was cut off or asleep for too long, has ended its actors, and starts again as a new member.
/// </summary>
internal static class RunningNode
{
    /// <summary>0 after a graceful stop.</summary>
    public static async Task<int> RunAsync(MailClusterOptions options, CancellationToken cancellation)
    {
        while (await RunOnceAsync(options, cancellation))
        {
            Console.Error.WriteLine("This node was shut out of the cluster, and starts again.");
        }

        return 0;
    }

    /// <summary>True where the node is to start again.</summary>
    private static async Task<bool> RunOnceAsync(MailClusterOptions options, CancellationToken cancellation)
    {
        await using var node = await NodeHost.CreateAsync(options, cancellation);
        await node.StartAsync(cancellation);
        foreach (var line in StartMessage.Lines(options, node.Created))
        {
            Console.Out.WriteLine(line);
        }

        await node.WaitForShutdownAsync(cancellation);
        return node.WasShutOut && !cancellation.IsCancellationRequested;
    }
}
