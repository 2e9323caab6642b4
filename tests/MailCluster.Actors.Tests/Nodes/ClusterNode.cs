using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Hosting;
using Akka.Event;
using Akka.Hosting;
using Akka.Remote.Hosting;
using MailCluster.Actors.Delivery;
using MailCluster.Actors.Hosting;
using MailCluster.Actors.Mailboxes;
using MailCluster.Actors.Queue;
using MailCluster.Actors.Tests.Fakes;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Envelopes;
using MailCluster.Mail.Identity;
using MailCluster.Queue;
using MailCluster.Storage.Mailboxes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Envelope = MailCluster.Mail.Envelopes.Envelope;

namespace MailCluster.Actors.Tests.Nodes;

/// <summary>
/// One node of a cluster in this process: an actor system of its own as a node's program makes it, on a free port of
/// loopback, with the journal in memory and the stores of the test.
/// </summary>
internal sealed class ClusterNode : IAsyncDisposable
{
    public const int Partitions = 2;

    private const string Settings =
        """
        akka {
          loglevel = ERROR
          stdout-loglevel = OFF
          persistence.journal.plugin = "akka.persistence.journal.inmem"
          persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
          # So that a cluster of two is there in a moment.
          cluster {
            gossip-interval = 100 ms
            leader-actions-interval = 100 ms
            periodic-tasks-initial-delay = 100 ms
            sharding.retry-interval = 200 ms
          }
        }
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly IHost _host;

    private ClusterNode(IHost host) => _host = host;

    public ActorSystem System => _host.Services.GetRequiredService<ActorSystem>();

    public IActorRef Partition => Region<QueuePartitionActor>();

    public IActorRef Mailboxes => Region<MailboxActor>();

    public IActorRef Destinations => Region<DestinationActor>();

    public QueueAdministration Administration =>
        new(_host.Services.GetRequiredService<IRequiredActor<QueuePartitionActor>>(), new LocalPartitions(), Partitions);

    /// <summary>What was logged as an error.</summary>
    public ConcurrentQueue<Error> Errors { get; } = new();

    public static async Task<ClusterNode> StartAsync(SharedStores stores, params string[] roles)
    {
        var host = new HostBuilder()
            .ConfigureServices(services => services.AddAkka("mailcluster", (akka, _) => Configure(akka, stores, roles)))
            .Build();
        await host.StartAsync();
        var node = new ClusterNode(host);
        var errors = node.System.ActorOf(Props.Create(() => new ErrorCollector(node.Errors)));
        node.System.EventStream.Subscribe<Error>(errors);
        return node;
    }

    /// <summary>Makes a cluster of this node, or joins the other's; comes back when this node is up.</summary>
    public Task JoinAsync(ClusterNode other, CancellationToken cancellation) =>
        Cluster.Get(System).JoinAsync(Cluster.Get(other.System).SelfAddress, cancellation);

    /// <summary>It has begun to stop: its shards are handed over first, then it leaves the cluster.</summary>
    public bool IsStopping => CoordinatedShutdown.Get(System).ShutdownReason is not null;

    /// <summary>Puts a message with these recipients into the queue, whichever node has its partition.</summary>
    public async Task<QueueId> EnqueueAsync(MemorySpool spool, params EnvelopeRecipient[] recipients)
    {
        var id = QueueId.New(recipients.Length % Partitions, DateTimeOffset.UtcNow);
        spool.Put(id.Body, "Subject: test\r\n\r\nbody\r\n");
        var message = new EnqueueMessage(
            id,
            new Envelope
            {
                ReversePath = new ReversePath(MailAddress.Parse("a@b.example")),
                Recipients = [.. recipients],
                EnvelopeId = "QQ314159",
            },
            24);
        Assert.Equal(new MessageAccepted(id), await Partition.Ask<IQueueAnswer>(message, Patience));
        return id;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private IActorRef Region<TActor>() => _host.Services.GetRequiredService<IRequiredActor<TActor>>().ActorRef;

    private static void Configure(AkkaConfigurationBuilder akka, SharedStores stores, string[] roles)
    {
        var sharding = new MailClusterSharding(Partitions, Shards: 4);
        akka
            .WithRemoting(new RemoteOptions { HostName = "127.0.0.1", Port = 0 })
            .WithClustering(new ClusterOptions { Roles = roles })
            .WithMailClusterDefaults()
            .AddHocon(Settings, HoconAddMode.Prepend)
            .WithMailboxes(sharding, () => new MailboxServices(stores.Mailboxes, stores.Folders, TimeSpan.FromMinutes(5)))
            .WithDestinations(sharding, stores.DestinationServices)
            .WithQueuePartitions(sharding, registry => new QueuePartitionServices(
                registry.Get<DestinationActor>(), registry.Get<MailboxActor>(), stores.Spool, new EmptyDirectory(),
                stores.Routes, SharedStores.Own,
                new QueuePartitionSettings { Queue = new QueueSettings { Schedule = RetrySchedule.Default } },
                TimeProvider.System, () => 0.5));
    }

    private sealed class ErrorCollector(ConcurrentQueue<Error> errors) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            // That a node which stops ends its connections is no error of ours.
            if (message is Error error && error.Message.ToString() != "Disassociated")
            {
                errors.Enqueue(error);
            }
        }
    }
}

/// <summary>What the nodes of a real cluster share by their database, and the world outside.</summary>
internal sealed class SharedStores
{
    public static readonly DomainName Own = DomainName.Parse("mail.hamburger.edu");

    public MemorySpool Spool { get; init; } = new();

    public ScriptedMailboxes Mailboxes { get; } = new();

    public IFolderStore Folders { get; init; } = new ScriptedFolders();

    public FakeDns Dns { get; } = new();

    public FakeConnector Connector { get; } = new();

    public RelayRoutes Routes { get; } = new(new RouteTable([], null), Own, RouteTls.Opportunistic);

    public DestinationServices DestinationServices() => new(
        new NextHopResolver(Dns, new NextHopResolverOptions { OwnNames = [Own.Text] }, new Random(1)),
        Connector, Routes, Spool, new RelaySettings(), TimeProvider.System);
}
