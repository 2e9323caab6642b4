using Akka.Cluster.Hosting;
using Akka.Hosting;
using Akka.Remote.Hosting;
using MailCluster.Actors.Connections;
using MailCluster.Actors.Connections.Imap;
using MailCluster.Actors.Connections.Pop3;
using MailCluster.Actors.Connections.Smtp;
using MailCluster.Actors.Delivery;
using MailCluster.Actors.Hosting;
using MailCluster.Actors.Mailboxes;
using MailCluster.Actors.Queue;
using MailCluster.Node.Configuration;
using MailCluster.Node.Membership;
using MailCluster.Node.Membership.Lease;
using MailCluster.Queue;
using MailCluster.Storage;
using MailCluster.Storage.Search;
using MailCluster.Storage.Sqlite;
using Serilog.Events;

namespace MailCluster.Node.Hosting;

/// <summary>The actor system of a node: what the configuration says, in the words of the actors.</summary>
internal sealed class NodeActors(
    MailClusterOptions options, MailStorage storage, IDnsLookup dns, IOutboundConnector connector, TimeProvider time,
    ILoggerFactory loggerFactory, IServiceProvider services, ILeaseStore? lease = null)
{
    public void Configure(AkkaConfigurationBuilder akka)
    {
        var cluster = options.Cluster;
        var sharding = new MailClusterSharding(options.Queue.Partitions, cluster.Shards);
        var routes = Routes();
        akka
            .ConfigureLoggers(loggers =>
            {
                loggers.ClearLoggers();
                loggers.AddLoggerFactory(loggerFactory);
                // Nothing is put into words that nobody would read.
                loggers.LogLevel = options.Logging.Level switch
                {
                    <= LogEventLevel.Information => Akka.Event.LogLevel.InfoLevel,
                    LogEventLevel.Warning => Akka.Event.LogLevel.WarningLevel,
                    _ => Akka.Event.LogLevel.ErrorLevel,
                };
            })
            .WithRemoting(NodeRemoting.Of(cluster))
            .WithClustering(new ClusterOptions
            {
                Roles = [.. cluster.Roles.Select(role => role.ToString().ToLowerInvariant())],
                SplitBrainResolver = akka.WithSplitBrain(cluster, lease, time),
            })
            .WithMailClusterDefaults()
            .WithFailOver(cluster.StableAfter);
        AddJournal(akka);
        akka
            .WithMailboxes(sharding, () => MailboxServices())
            .WithDestinations(sharding, () => DestinationServices(routes))
            .WithQueuePartitions(sharding, registry => PartitionServices(registry, routes))
            .WithConnections<SmtpConnectionActor>(
                "smtp", new ConnectionLimits(options.Smtp.MaxConnections, options.Smtp.MaxConnectionsPerAddress),
                options.Node.ShutdownTimeout)
            .WithConnections<Pop3ConnectionActor>(
                "pop3", new ConnectionLimits(options.Pop3.MaxConnections, options.Pop3.MaxConnectionsPerAddress),
                options.Node.ShutdownTimeout)
            .WithConnections<ImapConnectionActor>(
                "imap", new ConnectionLimits(options.Imap.MaxConnections, options.Imap.MaxConnectionsPerAddress),
                options.Node.ShutdownTimeout);
    }

    private MailboxServices MailboxServices() => new(storage.Mailboxes, storage.Folders, TimeSpan.FromMinutes(5))
    {
        Stored = services.GetRequiredService<TextIndexer>().Add,
    };

    private void AddJournal(AkkaConfigurationBuilder akka)
    {
        if (options.Storage.Provider == StorageProvider.Postgres)
        {
            akka.WithPostgresJournal(options.Storage.Postgres().ConnectionString.JournalText);
            return;
        }

        var files = SqliteJournalFiles.Prepare(options.Node.DataFolder);
        akka.WithSqliteJournal(files.JournalConnectionString, files.SnapshotConnectionString);
    }

    private RelayRoutes Routes()
    {
        var relay = options.Relay;
        var table = new RouteTable(
            [.. relay.Routes.Select(route => new StaticRoute(route.Domain, ToHost(route.NextHop)))],
            relay.SmartHost is { } smartHost ? ToHost(smartHost) : null);
        return new RelayRoutes(table, options.Node.Hostname, relay.Tls);
    }

    private static RouteHost ToHost(NextHopSection hop) => new(
        new NextHop.Host(hop.Host, hop.Port), hop.Tls,
        hop.UserName is null ? null : new RouteCredentials(hop.UserName, hop.ReadPassword()!));

    private DestinationServices DestinationServices(RelayRoutes routes)
    {
        var resolver = new NextHopResolver(
            dns,
            new NextHopResolverOptions
            {
                OwnNames = [options.Node.Hostname.Text],
                Port = options.Relay.OutboundPort,
                AllowLoopback = options.Relay.AllowLoopbackMx,
            },
            new Random());
        var relay = options.Relay;
        var settings = new RelaySettings
        {
            MaxConnections = relay.MaxConnectionsPerDestination,
            MessagesPerConnection = relay.MessagesPerConnection,
            MessagesPerMinute = relay.MessagesPerMinute,
            ConnectionsPerMinute = relay.ConnectionsPerMinute,
            IdleTimeout = relay.IdleConnectionTimeout,
            MinBackOff = relay.MinBackOff,
            MaxBackOff = relay.MaxBackOff,
        };
        return new DestinationServices(resolver, connector, routes, storage.Spool, settings, time);
    }

    private QueuePartitionServices PartitionServices(IActorRegistry registry, RelayRoutes routes)
    {
        var queue = options.Queue;
        var settings = new QueuePartitionSettings
        {
            Queue = new QueueSettings
            {
                Schedule = new RetrySchedule(queue.RetryDelays, queue.MaxAge, queue.DelayNoticeAfter, queue.Jitter),
                MaxEntries = queue.MaxEntriesPerPartition,
            },
            WindowPerDestination = queue.WindowPerDestination,
            ResendAfter = queue.ResendAfter,
            EventsPerSnapshot = queue.EventsPerSnapshot,
            OrphanCheck = queue.OrphanCheck,
            MaxReturnedSize = (int)options.Bounces.MaxReturnedSize,
        };
        return new QueuePartitionServices(
            registry.Get<DestinationActor>(), registry.Get<MailboxActor>(), storage.Spool, storage.Directory, routes,
            options.Node.Hostname, settings, time, Random.Shared.NextDouble)
        {
            Local = services.GetRequiredService<LocalPartitions>(),
            // By request: the guard needs the actor system, which is being built here.
            MayWrite = () => services.GetRequiredService<SleepGuard>().MayWrite(),
        };
    }
}
