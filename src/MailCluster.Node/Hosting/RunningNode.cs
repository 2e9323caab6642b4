using MailCluster.Node.Configuration;
using MailCluster.Storage;

namespace MailCluster.Node.Hosting;

/// <summary>
/// The life of the process as a node: start, say what to try next, run until told to stop. A node that the others shut
/// out, because it was cut off or asleep for too long, has ended its actors, and starts again as a new member.
/// </summary>
internal static class RunningNode
{
    /// <summary>Before a node that was shut out asks a database again that is away.</summary>
    private static readonly TimeSpan RestartPause = TimeSpan.FromSeconds(5);

    /// <summary>0 after a graceful stop.</summary>
    /// <exception cref="StorageException">At the first start: the store cannot be opened.</exception>
    public static async Task<int> RunAsync(MailClusterOptions options, CancellationToken cancellation)
    {
        var goesOn = await RunOnceAsync(options, cancellation);
        while (goesOn)
        {
            Console.Error.WriteLine("This node was shut out of the cluster, and starts again.");
            goesOn = await RestartAsync(options, cancellation);
        }

        return 0;
    }

    /// <summary>What shut it out may have taken the database as well: then it waits for that, and for nobody's hand.</summary>
    private static async Task<bool> RestartAsync(MailClusterOptions options, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return await RunOnceAsync(options, cancellation);
            }
            catch (StorageException trouble)
            {
                Console.Error.WriteLine($"{trouble.Message} Tried again in {RestartPause.TotalSeconds:0} s.");
            }

            await Task.Delay(RestartPause, TimeProvider.System, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellation.IsCancellationRequested)
            {
                return false;
            }
        }
    }

    /// <summary>True where the node is to start again.</summary>
    private static async Task<bool> RunOnceAsync(MailClusterOptions options, CancellationToken cancellation)
    {
        await using var node = await NodeHost.CreateAsync(options, cancellation);
        await node.StartAsync(cancellation);
        foreach (var line in StartMessage.Lines(options, [.. node.EndPoints], node.Created))
        {
            Console.Out.WriteLine(line);
        }

        await node.WaitForShutdownAsync(cancellation);
        return node.WasShutOut && !cancellation.IsCancellationRequested;
    }
}
