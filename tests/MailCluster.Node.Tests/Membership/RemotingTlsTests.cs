using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Hosting;
using Akka.Remote;
using Akka.Remote.Hosting;
using MailCluster.Node.Configuration;
using MailCluster.Node.Membership;
using MailCluster.Node.Tests.Fakes;
using MailCluster.Node.Tls;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using AkkaCluster = Akka.Cluster.Cluster;

namespace MailCluster.Node.Tests.Membership;

/// <summary>Who gets into a cluster whose nodes talk by TLS, and whom its nodes talk to.</summary>
public sealed class RemotingTlsTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TemporaryFolder _folder = new();
    private readonly List<IHost> _hosts = [];
    private readonly TestAuthority _ours;
    private readonly TestAuthority _foreign;

    public RemotingTlsTests()
    {
        _ours = new TestAuthority(_folder, "ours");
        _foreign = new TestAuthority(_folder, "foreign");
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.StopAsync();
            host.Dispose();
        }
    }

    public void Dispose()
    {
        _ours.Dispose();
        _foreign.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Nodes_of_one_authority_are_one_cluster()
    {
        var founder = await FoundAsync(_ours.Certify());
        await JoinAsync(await StartAsync(_ours.Certify()), founder);
        Assert.Equal(2, founder.State.Members.Count);
        Assert.Equal("akka.ssl.tcp", founder.SelfAddress.Protocol);
    }

    [Fact]
    public async Task An_authority_is_replaced_while_nodes_run()
    {
        var both = _folder.Write("both.pem", _ours.Pem + "\n" + _foreign.Pem + "\n");
        var founder = await FoundAsync(_ours.Certify() with { Authority = both });
        await JoinAsync(await StartAsync(_foreign.Certify() with { Authority = both }), founder);
    }

    public static TheoryData<string> Strangers => ["plaintext", "foreign", "expired", "impostor"];

    [Theory]
    [MemberData(nameof(Strangers))]
    public async Task A_node_without_a_right_certificate_does_not_get_in(string stranger)
    {
        var founder = await FoundAsync(_ours.Certify());
        var system = await StartAsync(Stranger(stranger));
        var failed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var listener = system.ActorOf(Props.Create(() => new TroubleListener(failed)));
        system.EventStream.Subscribe(listener, typeof(RemotingLifecycleEvent));
        // By the scheme of its own: with the founder's, a node without TLS would not even try.
        AkkaCluster.Get(system).JoinSeedNodes([founder.SelfAddress.WithProtocol(AkkaCluster.Get(system).SelfAddress.Protocol)]);
        await failed.Task.WaitAsync(Patience);
        Assert.Single(founder.State.Members);
        Assert.Empty(AkkaCluster.Get(system).State.Members);
    }

    /// <summary>The stranger's octets are what a port scan, or somebody's own program, would send.</summary>
    [Theory]
    [InlineData("plaintext")]
    [InlineData("none")]
    [InlineData("foreign")]
    [InlineData("expired")]
    public async Task A_connection_without_a_right_certificate_is_closed_without_a_word(string stranger)
    {
        var founder = await FoundAsync(_ours.Certify());
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, founder.SelfAddress.Port!.Value);
        Assert.Equal(0, await OctetsHeardAsync(client, stranger).WaitAsync(Patience));
    }

    [Theory]
    [InlineData("foreign")]
    [InlineData("expired")]
    public async Task A_node_says_nothing_to_a_server_without_a_right_certificate(string stranger)
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var node = AkkaCluster.Get(await StartAsync(_ours.Certify()));
        node.JoinSeedNodes([node.SelfAddress.WithPort(((IPEndPoint)server.LocalEndpoint).Port)]);
        using var client = await server.AcceptTcpClientAsync().WaitAsync(Patience);
        Assert.Equal(0, await OctetsHeardByServerAsync(client, Stranger(stranger)).WaitAsync(Patience));
    }

    [Fact]
    public void Files_that_do_not_belong_together_stop_the_start()
    {
        var mixed = _ours.Certify() with { Key = _ours.Certify().Key };
        Assert.Contains("Cluster:Key", Assert.Throws<ConfigurationException>(() => NodeRemoting.Of(mixed)).Message);
        var empty = _ours.Certify() with { Authority = _folder.Write("empty.pem", "") };
        Assert.Contains("Cluster:Authority", Assert.Throws<ConfigurationException>(() => NodeRemoting.Of(empty)).Message);
    }

    private ClusterSection Stranger(string stranger) => stranger switch
    {
        "plaintext" => new ClusterSection(),
        "foreign" => _foreign.Certify() with { Authority = _ours.File }, // it would take us
        "expired" => _ours.CertifyUntilAnHourAgo(),
        "impostor" => _foreign.Certify(), // of another cluster
        _ => throw new ArgumentOutOfRangeException(nameof(stranger), stranger, null),
    };

    private async Task<int> OctetsHeardAsync(TcpClient client, string stranger)
    {
        var octets = new byte[1024];
        try
        {
            if (stranger == "plaintext")
            {
                await client.GetStream().WriteAsync("GET / HTTP/1.0\r\n\r\n"u8.ToArray());
                return await WithoutAlertAsync(client.GetStream());
            }

            await using var tls = new SslStream(client.GetStream());
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "node",
                RemoteCertificateValidationCallback = static (_, shown, _, _) => shown is not null, // it is the node that is careful
                ClientCertificates = stranger == "none" ? [] : [LeafOf(Stranger(stranger))],
            });
            return await tls.ReadAsync(octets);
        }
        catch (Exception closed) when (closed is IOException or AuthenticationException)
        {
            return 0;
        }
    }

    /// <summary>A TLS alert (RFC 8446 §6) tells a stranger nothing of what is behind it.</summary>
    private static async Task<int> WithoutAlertAsync(NetworkStream stream)
    {
        const int alert = 21;
        using var all = new MemoryStream();
        await stream.CopyToAsync(all);
        return all.Length > 0 && all.GetBuffer()[0] == alert ? 0 : (int)all.Length;
    }

    private static async Task<int> OctetsHeardByServerAsync(TcpClient client, ClusterSection stranger)
    {
        await using var tls = new SslStream(client.GetStream());
        try
        {
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
            {
                ServerCertificate = LeafOf(stranger),
                ClientCertificateRequired = true,
                RemoteCertificateValidationCallback = static (_, shown, _, _) => shown is not null,
            });
            return await tls.ReadAsync(new byte[1024]);
        }
        catch (Exception closed) when (closed is IOException or AuthenticationException)
        {
            return 0;
        }
    }

    private static X509Certificate2 LeafOf(ClusterSection node) =>
        new CertificateFiles(node.Certificate!, node.Key, PasswordFile: null).Load().Leaf;

    private async Task<AkkaCluster> FoundAsync(ClusterSection section)
    {
        var cluster = AkkaCluster.Get(await StartAsync(section));
        await cluster.JoinAsync(cluster.SelfAddress).WaitAsync(Patience);
        return cluster;
    }

    private static Task JoinAsync(ActorSystem system, AkkaCluster founder) =>
        AkkaCluster.Get(system).JoinSeedNodesAsync([founder.SelfAddress]).WaitAsync(Patience);

    private async Task<ActorSystem> StartAsync(ClusterSection section)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.ClearProviders();
        builder.Services.AddAkka("mailcluster", akka => akka
            .WithRemoting(NodeRemoting.Of(section))
            .WithClustering(new ClusterOptions())
            // A node that is hung up on sometimes notices only by this time-out.
            .AddHocon("akka.loglevel = OFF\nakka.remote.dot-netty.tcp.connection-timeout = 2s", HoconAddMode.Prepend));
        var host = builder.Build();
        _hosts.Add(host);
        await host.StartAsync();
        return host.Services.GetRequiredService<ActorSystem>();
    }

    /// <summary>Completes once an association has failed or was ended.</summary>
    private sealed class TroubleListener : ReceiveActor
    {
        public TroubleListener(TaskCompletionSource failed)
        {
            Receive<AssociationErrorEvent>(_ => failed.TrySetResult());
            Receive<DisassociatedEvent>(_ => failed.TrySetResult());
        }
    }
}
