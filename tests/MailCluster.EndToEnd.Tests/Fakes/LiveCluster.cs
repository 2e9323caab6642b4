using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Akka.Actor;
using Akka.Cluster.Sharding;
using MailCluster.Actors.Mailboxes;
using MailCluster.Mail.Identity;
using MailCluster.Storage;
using MailCluster.Storage.Postgres;
using MailCluster.Testing;

namespace MailCluster.EndToEnd.Tests.Fakes;

/// <summary>Three nodes of one cluster in this process, on a PostgreSQL of their own.</summary>
internal sealed class LiveCluster : IAsyncDisposable
{
    private const int Size = 3;

    /// <summary>So many that a dozen mailboxes are on all nodes.</summary>
    private static readonly string[] Settings =
    [
        "Node:Hostname=mail.hamburger.edu", "Node:CreateExampleDomain=false", "Queue:Partitions=6", "Cluster:Shards=24",
        "Storage:Readers=2",
    ];

    private readonly PostgresServer _server;

    private LiveCluster(PostgresServer server, LiveNode[] nodes)
    {
        _server = server;
        Nodes = nodes;
    }

    public IReadOnlyList<LiveNode> Nodes { get; }

    public static void SkipWithoutPostgres() => Skip.If(PostgresServer.Missing is not null, PostgresServer.Missing);

    /// <summary>Null where there is no PostgreSQL: then each test is skipped.</summary>
    /// <param name="fill">Makes the users, before a node starts.</param>
    public static async Task<LiveCluster?> StartAsync(Func<MailStorage, string, Task> fill)
    {
        if (PostgresServer.Missing is not null)
        {
            return null;
        }

        // Nothing here asks what outlives a crash of the machine.
        var server = await PostgresServer.StartAsync("fsync=off");
        try
        {
            var connectionString = await server.CreateDatabaseAsync();
            var options = new PostgresStorageOptions(PostgresConnectionString.TryParse(connectionString)!);
            await PostgresStorage.ApplySchemaAsync(options);
            await using (var storage = await PostgresStorage.OpenAsync(options, TimeProvider.System))
            {
                await fill(storage, connectionString);
            }

            var nodes = await Task.WhenAll(Enumerable.Range(0, Size)
                .Select(_ => LiveNode.StartInClusterAsync(connectionString, Settings)));
            var cluster = new LiveCluster(server, nodes);
            await cluster.WaitUntilWholeAsync();
            return cluster;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>How many of these mailboxes are at home on each node, once all were asked for.</summary>
    public async Task<int[]> CountMailboxesAsync(IEnumerable<AccountId> accounts)
    {
        var all = accounts.Select(account => account.ToString()).ToHashSet();
        foreach (var account in all)
        {
            // Whom it would tell is gone with the answer.
            await Nodes[0].Mailboxes.Ask<MailboxWatched>(
                new WatchMailbox(new AccountId(long.Parse(account, CultureInfo.InvariantCulture))), Patience.Limit);
        }

        return await Task.WhenAll(Nodes.Select(async node =>
        {
            var state = await node.Mailboxes.Ask<CurrentShardRegionState>(GetShardRegionState.Instance, Patience.Limit);
            return state.Shards.Sum(shard => shard.EntityIds.Count(all.Contains));
        }));
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Nodes.Select(node => node.DisposeAsync().AsTask()));
        await _server.DisposeAsync();
    }

    /// <summary>Until all see all, and mailboxes may be on each: those that come to be then stay where they are.</summary>
    private async Task WaitUntilWholeAsync()
    {
        foreach (var node in Nodes)
        {
            await Patience.WaitForAsync("three members", () => CountMembersAsync(node), count => count == Size);
            await Patience.WaitForAsync("three regions of mailboxes", () => CountRegionsAsync(node), count => count == Size);
        }
    }

    private static async Task<int> CountMembersAsync(LiveNode node)
    {
        var cluster = await node.Api.GetFromJsonAsync<JsonElement>("/api/cluster");
        return cluster.GetProperty("members").EnumerateArray()
            .Count(member => member.GetProperty("status").GetString() == "up" && member.GetProperty("reachable").GetBoolean());
    }

    private static async Task<int> CountRegionsAsync(LiveNode node)
    {
        var regions = await node.Mailboxes.Ask<CurrentRegions>(GetCurrentRegions.Instance, Patience.Limit);
        return regions.Regions.Count;
    }
}
