using System.Globalization;
using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Cluster.Sharding;
using Akka.Hosting;
using Akka.Persistence.Sql;
using Akka.Persistence.Sql.Config;
using LinqToDB;
using LinqToDB.Data;
using LinqToDB.DataProvider.PostgreSQL;
using MailCluster.Actors.Connections;
using MailCluster.Actors.Delivery;
using MailCluster.Actors.Mailboxes;
using MailCluster.Actors.Queue;
using MailCluster.Actors.Serialization;
using MailCluster.Mail.Identity;
using MailCluster.Queue;

namespace MailCluster.Actors.Hosting;

/// <summary>
/// Registers everything of the mail cluster with an actor system, in the order in which one part needs the next:
/// mailboxes and destinations, the partitions that use them, the connections that use those.
/// </summary>
public static class MailClusterActorsExtensions
{
    /// <summary>
    /// For the goodbyes of a node that the others went on without: what its connections wait for is on other nodes now,
    /// and never comes.
    /// </summary>
    private static readonly TimeSpan ShutOutDrain = TimeSpan.FromSeconds(2);

    /// <summary>Our settings, our wire format, and the journal.</summary>
    public static AkkaConfigurationBuilder WithMailClusterDefaults(this AkkaConfigurationBuilder builder) => builder
        .WithCustomSerializer(
            "mailcluster-journal",
            [typeof(IQueueEvent), typeof(QueueSnapshot), typeof(PartitionTaken)],
            system => new JournalSerializer(system))
        .WithCustomSerializer("mailcluster-wire", WireSerializer.Types, system => new WireSerializer(system))
        .AddHocon(SqlPersistence.DefaultConfiguration, HoconAddMode.Append)
        .AddHocon(MailClusterHocon.Base, HoconAddMode.Prepend);

    /// <summary>How soon the others do without a node that is gone; see the configuration of the cluster.</summary>
    public static AkkaConfigurationBuilder WithFailOver(this AkkaConfigurationBuilder builder, TimeSpan stableAfter) =>
        builder.AddHocon(MailClusterHocon.FailOver(stableAfter), HoconAddMode.Prepend);

    /// <summary>Journal and snapshots in two SQLite files.</summary>
    public static AkkaConfigurationBuilder WithSqliteJournal(
        this AkkaConfigurationBuilder builder, string journalConnectionString, string snapshotConnectionString) =>
        builder.AddHocon(
            MailClusterHocon.Sqlite(journalConnectionString, snapshotConnectionString), HoconAddMode.Prepend);

    /// <summary>Journal and snapshots in PostgreSQL, in tables that are there already.</summary>
    public static AkkaConfigurationBuilder WithPostgresJournal(
        this AkkaConfigurationBuilder builder, string connectionString)
    {
        // Not in the configuration as text: that is printed where somebody asks Akka for its settings.
        var options = new DataOptions()
            .UseConnectionString(ProviderName.PostgreSQL15, connectionString)
            .WithOptions<PostgreSQLOptions>(postgres => postgres with { BulkCopyType = BulkCopyType.ProviderSpecific });
        var setup = new MultiDataOptionsSetup();
        setup.AddDataOptions("akka.persistence.journal.sql", options);
        setup.AddDataOptions("akka.persistence.snapshot-store.sql", options);
        builder.Setups.Add(setup);
        return builder.AddHocon(MailClusterHocon.Postgres, HoconAddMode.Prepend);
    }

    /// <summary>One Mailbox actor per account. Registers <see cref="MailboxActor"/>.</summary>
    public static AkkaConfigurationBuilder WithMailboxes(
        this AkkaConfigurationBuilder builder, MailClusterSharding sharding, Func<MailboxServices> services) =>
        builder.WithShardRegion<MailboxActor>(
            "mailbox",
            (_, _, _) => id => MailboxActor.Props(new AccountId(long.Parse(id, CultureInfo.InvariantCulture)), services()),
            new MailboxExtractor(sharding.Shards),
            MailClusterSharding.Options("mailbox", StopMailbox.Instance));

    /// <summary>One Destination per next hop. Registers <see cref="DestinationActor"/>.</summary>
    public static AkkaConfigurationBuilder WithDestinations(
        this AkkaConfigurationBuilder builder, MailClusterSharding sharding, Func<DestinationServices> services) =>
        builder.WithShardRegion<DestinationActor>(
            "destination",
            (_, _, _) => _ => DestinationActor.Props(services()),
            new DestinationExtractor(sharding.Shards),
            MailClusterSharding.Options("delivery", StopDestination.Instance));

    /// <summary>
    /// The queue's partitions, kept alive without traffic. Registers <see cref="QueuePartitionActor"/>; needs mailboxes
    /// and destinations.
    /// </summary>
    public static AkkaConfigurationBuilder WithQueuePartitions(
        this AkkaConfigurationBuilder builder, MailClusterSharding sharding,
        Func<IActorRegistry, QueuePartitionServices> services) =>
        builder
            .WithShardRegion<QueuePartitionActor>(
                "queue-partition",
                (_, registry, _) =>
                {
                    var shared = services(registry);
                    return id => QueuePartitionActor.Props(int.Parse(id, CultureInfo.InvariantCulture), shared);
                },
                new PartitionExtractor(sharding.Partitions),
                MailClusterSharding.Options("queue", StopPartition.Instance))
            .WithActors((system, registry) => system.ActorOf(
                PartitionKeepAliveActor.Props(registry.Get<QueuePartitionActor>(), sharding.Partitions),
                "queue-partition-keep-alive"));

    /// <summary>
    /// The parent of this node's connections of one kind, drained when the node leaves. Registers
    /// <typeparamref name="TKey"/>.
    /// </summary>
    public static AkkaConfigurationBuilder WithConnections<TKey>(
        this AkkaConfigurationBuilder builder, string name, ConnectionLimits limits, TimeSpan drainTimeout) =>
        builder.WithActors((system, registry) =>
        {
            var supervisor = system.ActorOf(ConnectionSupervisorActor.Props(limits), name);
            registry.Register<TKey>(supervisor);
            var shutdown = CoordinatedShutdown.Get(system);
            shutdown.AddTask(CoordinatedShutdown.PhaseServiceRequestsDone, $"drain-{name}", async () =>
            {
                var patience = shutdown.ShutdownReason is CoordinatedShutdown.ClusterDowningReason ? ShutOutDrain : drainTimeout;
                try
                {
                    await supervisor.Ask<ConnectionsDrained>(DrainConnections.Instance, patience);
                }
                catch (AskTimeoutException)
                {
                    // Connections that did not end in time are cut: their peers try again.
                }

                return Akka.Done.Instance;
            });
        });
}

/// <summary>How the sharded actors are spread.</summary>
/// <param name="Partitions">Of the queue; fixed for the life of its data.</param>
/// <param name="Shards">Of mailboxes and destinations: about ten for each node of the largest planned cluster.</param>
public sealed record MailClusterSharding(int Partitions, int Shards)
{
    internal static ShardOptions Options(string role, object handOffStopMessage) => new()
    {
        Role = role,
        StateStoreMode = StateStoreMode.DData,
        RememberEntities = false,
        HandOffStopMessage = handOffStopMessage,
        ShouldPassivateIdleEntities = false,
    };
}
