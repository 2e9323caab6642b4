using MailCluster.Node.Configuration;

namespace MailCluster.Node.Hosting;

/// <summary>The life of the process as a node: start, say what to try next, run until told to stop.</summary>
internal static class RunningNode
{
    /// <summary>0 after a graceful stop.</summary>
    public static async Task<int> RunAsync(MailClusterOptions options, CancellationToken cancellation)
    {
        await using var node = await NodeHost.CreateAsync(options, cancellation);
        await node.StartAsync(cancellation);
        foreach (var line in StartMessage.Lines(options, node.Created))
        {
            Console.Out.WriteLine(line);
        }

        await node.WaitForShutdownAsync(cancellation);
        return 0;
    }
}
