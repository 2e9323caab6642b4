using System.Text.Json;
using MailCluster.Node.Tests.Fakes;

namespace MailCluster.Node.Tests.Http;

public sealed class ClusterApiTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_node_tells_its_members_and_its_partitions()
    {
        await using var host = await ApiHost.StartAsync(new FakeQueue(), _folder.Path);
        using var client = host.CreateClient();

        using var json = JsonDocument.Parse(await client.GetStringAsync(new Uri("/api/cluster", UriKind.Relative)));

        var cluster = json.RootElement;
        Assert.Equal("akka.tcp://mailcluster@127.0.0.1:4053", cluster.GetProperty("self").GetString());
        Assert.Equal([0, 3], cluster.GetProperty("partitions").EnumerateArray().Select(partition => partition.GetInt32()));
        var other = cluster.GetProperty("members")[1];
        Assert.False(other.GetProperty("reachable").GetBoolean());
        Assert.Equal("queue", other.GetProperty("roles")[0].GetString());
    }
}
