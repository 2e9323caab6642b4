using System.Globalization;
using System.Net;
using Akka.Actor;
using Akka.Hosting;
using MailCluster.Actors.Connections.Compression;
using MailCluster.Actors.Delivery;
using MailCluster.Actors.Mailboxes;
using MailCluster.Actors.Queue;
using MailCluster.Node.Configuration;
using MailCluster.Node.Dns;
using MailCluster.Node.FirstStart;
using MailCluster.Node.Http;
using MailCluster.Node.Listeners;
using MailCluster.Node.Logging;
using MailCluster.Node.Membership;
using MailCluster.Node.Membership.Lease;
using MailCluster.Node.Tls;
using MailCluster.Storage;
using MailCluster.Storage.Search;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using AkkaCluster = Akka.Cluster.Cluster;

namespace MailCluster.Node.Hosting;

/// <summary>
/// Puts a node together: storage, actors, listeners, HTTP. This is the one place that knows all parts; each part knows
/// only what it is given here.
/// </summary>
internal sealed class NodeHost : IAsyncDisposable
{
    private const string ActorSystemName = "mailcluster";

    /// <summary>Octets of one connection.</summary>
    private const int ReadAhead = 128 * 1024;

    private readonly MailClusterOptions _options;
    private readonly WebApplication _app;
    private readonly MailStorage _storage;

    private NodeHost(MailClusterOptions options, WebApplication app, MailStorage storage, ExampleDomain? created)
    {
        _options = options;
        _app = app;
        _storage = storage;
        Created = created;
    }

    /// <summary>What the first start made, passwords included: to be printed once, never logged.</summary>
    public ExampleDomain? Created { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>
    /// Once it listens: where it does, as the configuration names it, also where the system has chosen the port. HTTP first.
    /// </summary>
    public IEnumerable<(string Name, IPEndPoint EndPoint)> EndPoints
    {
        get
        {
            var addresses = Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
            (string Name, IPAddress Address)[] bound = // in the order of binding
            [
                ("http", _options.Http.Address),
                .. _options.OpenListeners.Select(listener => (listener.Name, listener.Address)),
            ];
            return bound.Zip(addresses, (listener, address) =>
                (listener.Name, new IPEndPoint(listener.Address, new Uri(address).Port)));
        }
    }

    /// <summary>Opens the data folder and builds everything; nothing listens yet.</summary>
    public static async Task<NodeHost> CreateAsync(MailClusterOptions options, CancellationToken cancellation)
    {
        var time = TimeProvider.System;
        var storage = await NodeStorage.OpenAsync(options, time);
        try
        {
            await RefuseOtherPartitionsAsync(options.Queue.Partitions, storage, cancellation);
            var created = options.Node.CreateExampleDomain
                ? await ExampleDomain.CreateIfEmptyAsync(storage.Administration, cancellation)
                : null;
            return new NodeHost(options, Build(options, storage, time), storage, created);
        }
        catch
        {
            await storage.DisposeAsync();
            throw;
        }
    }

    public Task StartAsync(CancellationToken cancellation) => _app.StartAsync(cancellation);

    /// <summary>
    /// True where the others went on without this node: it is to start again from what is stored.
    /// </summary>
    public bool WasShutOut => CoordinatedShutdown.Get(_app.Services.GetRequiredService<ActorSystem>()).ShutdownReason
        is CoordinatedShutdown.ClusterDowningReason;

    public Task WaitForShutdownAsync(CancellationToken cancellation) => _app.WaitForShutdownAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        var system = _app.Services.GetRequiredService<ActorSystem>();
        var address = AkkaCluster.Get(system).SelfAddress.ToString();
        await _app.DisposeAsync();
        await SignOutAsync(address);
        await _storage.DisposeAsync();
    }

    /// <summary>With fewer, queued mail of the others would lie there for ever; nodes that differ would not find it.</summary>
    private static async Task RefuseOtherPartitionsAsync(int partitions, MailStorage storage, CancellationToken cancellation)
    {
        const string Name = "Queue:Partitions";
        var mine = partitions.ToString(CultureInfo.InvariantCulture);
        if (await storage.FixedSettings.FixAsync(Name, mine, cancellation) is var begun && begun != mine)
        {
            throw new StorageException(
                $"{Name} is {mine}, but this database was begun with {begun}, and its queued mail is spread over so many:"
                + $" set it to {begun}.");
        }
    }

    /// <summary>Behind all else: until the actors have ended, a node is a member.</summary>
    private async Task SignOutAsync(string address)
    {
        try
        {
            await (_storage.Membership?.LeaveAsync(address, CancellationToken.None) ?? Task.CompletedTask);
        }
        catch (StorageException)
        {
            // The register forgets the node by itself.
        }
    }

    private static WebApplication Build(MailClusterOptions options, MailStorage storage, TimeProvider time)
    {
        // Empty: our configuration is read and checked already, and the default one's watcher of files would wake up for
        // every page that a database below the working folder writes.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.Services.AddMailClusterLogging(options.Logging);
        builder.Services.Configure<HostOptions>(host =>
            host.ShutdownTimeout = options.Node.ShutdownTimeout + TimeSpan.FromSeconds(30));
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton(storage);
        builder.Services.AddSingleton(storage.Directory);
        builder.Services.AddSingleton<IOutboundConnector>(new OutboundConnector(options.Relay.ConnectTimeout));
        builder.Services.AddSingleton<IDnsLookup>(_ => new DnsLookup(options.Dns));
        builder.Services.AddSingleton(services => ServerCertificate.Load(
            options.Tls, options.Node, time, services.GetRequiredService<ILogger<ServerCertificate>>()));
        if (options.Cluster.SplitBrain == SplitBrainStrategy.Lease)
        {
            builder.Services.AddSingleton<ILeaseStore>(KubernetesLeaseStore.InCluster(options.Cluster));
        }

        builder.Services.AddSingleton(new CompressionSlots(options.Imap.MaxCompressedConnections));
        builder.Services.AddSingleton<LocalPartitions>();
        builder.Services.AddSingleton<NodeActors>();
        builder.Services.AddSingleton<IQueueAdministration, QueueAdministration>(services => new QueueAdministration(
            services.GetRequiredService<IRequiredActor<QueuePartitionActor>>(), services.GetRequiredService<LocalPartitions>(),
            options.Queue.Partitions));
        builder.Services.AddSingleton(services => new MailboxAdministration(ListenerBindings.ImapServices(options, services)));
        builder.Services.AddAkka(ActorSystemName, (akka, services) =>
            services.GetRequiredService<NodeActors>().Configure(akka));
        builder.Services.AddMailClusterApi(options);
        builder.Services.AddSingleton<SleepGuard>();
        builder.Services.AddSingleton<ClusterView>();
        builder.Services.AddSingleton<IClusterView>(services => services.GetRequiredService<ClusterView>());
        builder.Services.AddSingleton<NodeReadiness>();
        builder.Services.AddSingleton<IReadiness>(services => new LoggedReadiness(
            services.GetRequiredService<NodeReadiness>(), services.GetRequiredService<ILogger<LoggedReadiness>>()));
        builder.Services.AddSingleton(new ContactPoints(options.Cluster));
        builder.Services.AddHostedService<ClusterFormation>();
        builder.Services.AddHostedService<SpoolSweeper>();
        builder.Services.AddSingleton(new TextIndexer(storage.Texts, storage.Spool, time, options.Search.Limits));
        if (options.Cluster.Has(ClusterRole.Mailbox))
        {
            builder.Services.AddHostedService<TextIndexing>();
        }

        builder.Services.AddHostedService<ConnectionDrain>();
        builder.WebHost.UseKestrelCore()
            .UseSockets(sockets =>
            {
                // A pipe's continuation only tells an actor or sends, so it may run where it is: two threads less to wake.
                sockets.UnsafePreferInlineScheduling = true;
                // What a fast client has sent ahead of the store; behind that TCP holds it back.
                sockets.MaxReadBufferSize = ReadAhead;
            })
            .ConfigureKestrel(kestrel => ConfigureListeners(kestrel, options));
        var app = builder.Build();
        app.Services.GetRequiredService<ServerCertificate>(); // a wrong one stops the start, not the first handshake
        app.MapMailClusterApi();
        return app;
    }

    private static void ConfigureListeners(KestrelServerOptions kestrel, MailClusterOptions options)
    {
        kestrel.Limits.MaxConcurrentConnections = null; // counted and answered by the connections' supervisors
        kestrel.Listen(options.Http.Address, options.Http.Port);
        var bindings = new ListenerBindings(options, kestrel.ApplicationServices);
        foreach (var listener in options.OpenListeners)
        {
            kestrel.Listen(listener.EndPoint, endPoint => endPoint.Run(bindings.For(listener).OnConnectedAsync));
        }
    }
}
