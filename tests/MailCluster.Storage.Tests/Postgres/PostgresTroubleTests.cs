using System.Net;
using System.Net.Sockets;
using MailCluster.Storage.Postgres;

namespace MailCluster.Storage.Tests.Postgres;

public sealed class PostgresTroubleTests
{
    [Fact]
    public async Task A_server_that_cannot_be_reached_is_named_with_the_reason()
    {
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // bound and not listening: connections are refused
        var port = ((IPEndPoint)silent.LocalEndPoint!).Port;
        var options = PostgresTestStorage.Options($"Host=127.0.0.1;Port={port};Username=nobody;Database=nothing");
        var trouble = await Assert.ThrowsAsync<StorageException>(() =>
            PostgresStorage.OpenAsync(options, TimeProvider.System));
        Assert.Contains($"127.0.0.1:{port}", trouble.Message, StringComparison.Ordinal);
        var refused = new SocketException((int)SocketError.ConnectionRefused).Message;
        Assert.Contains(refused, trouble.Message, StringComparison.Ordinal);
    }
}
