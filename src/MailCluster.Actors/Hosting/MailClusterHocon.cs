using System.Globalization;
using Akka.Configuration;

namespace MailCluster.Actors.Hosting;

/// <summary>Settings of Akka.NET that are ours, each with its reason. Prepended, so they win over what Hosting sets.</summary>
internal static class MailClusterHocon
{
    public static readonly Config Base = ConfigurationFactory.ParseString(
        $$"""
        akka {
          # What goes past the loggers, at the very start and end, where the level is not looked at.
          stdout-logger-class = "{{typeof(EarlyAndLateLogger).AssemblyQualifiedName}}"
          stdout-loglevel = WARNING
          log-dead-letters = 10
          # Each tick wakes threads, also where nobody waits: a hundred a second are a third of what an idle node costs.
          scheduler.tick-duration = 40 ms
          # A type without a serializer of its own is a mistake of ours, and no case for reflection.
          actor.serialization-settings.allow-unregistered-types = off
          log-dead-letters-during-shutdown = off
          # The host stops Akka in its own order; with the hook on, SIGTERM would start a second shutdown beside it.
          coordinated-shutdown.run-by-clr-shutdown-hook = off
          coordinated-shutdown.phases {
            before-service-unbind.timeout = 10 s
            service-requests-done.timeout = 30 s
            # Longer than hand-off takes with partitions that finish what they persist.
            cluster-sharding-shutdown-region.timeout = 25 s
          }
          # Twice the largest envelope that SMTP takes: it goes in one piece, and anything beyond a frame would be dropped.
          remote.dot-netty.tcp {
            maximum-frame-size = 8 MiB
            send-buffer-size = 8 MiB
            receive-buffer-size = 8 MiB
          }
          cluster {
            # Each second counts once for every message that waits on a dead node; a busy machine must not look dead.
            failure-detector {
              heartbeat-interval = 500 ms
              acceptable-heartbeat-pause = 3 s
            }
            sharding {
              # The default would write the coordinator's state into the mail journal.
              state-store-mode = ddata
              remember-entities = off
              # Nothing durable in ddata, so no node needs a disk for it.
              distributed-data.durable.keys = []
              # A hand-off whose node dies in the middle of it stalls for this long; nothing of ours takes more than a second.
              handoff-timeout = 10 s
              shard-start-timeout = 10 s
              waiting-for-state-timeout = 5 s
              updating-state-timeout = 5 s
              # Our actors passivate by themselves: timers do not count for the shard's own idea of idleness.
              passivate-idle-entity-after = off
              # A node that holds no partition gives its mail to others', and waits with them when they die: not for long.
              rebalance-interval = 3 s
              # Both limits turn on the newer algorithm, which moves all that must move in one round.
              least-shard-allocation-strategy.rebalance-absolute-limit = 20
              least-shard-allocation-strategy.rebalance-relative-limit = 1.0
            }
          }
          persistence {
            journal.plugin = "akka.persistence.journal.sql"
            snapshot-store.plugin = "akka.persistence.snapshot-store.sql"
            journal.sql {
              # A slow disk must not open the breaker while senders still wait.
              circuit-breaker.call-timeout = 30 s
              # Partitions try again every two seconds: a database that is back must not be kept waiting for half a minute.
              circuit-breaker.reset-timeout = 2 s
              # The same for a recovery whose question was lost with a connection.
              recovery-event-timeout = 10 s
              # One failing row fails its batch: keep our queue of them far from overflowing.
              buffer-size = 20000
              batch-size = 400
              # It takes a journal's events for those of an old writer, and discards them, where a partition came back to a
              # node that had it before: accepted mail. The key of the table lets nobody write a number twice.
              replay-filter.mode = off
            }
            snapshot-store.sql.circuit-breaker {
              call-timeout = 30 s
              reset-timeout = 2 s
            }
          }
        }
        """);

    /// <summary>
    /// SQLite: journal and snapshots in files of their own, so that their writers do not wait for each other's lock; one
    /// writer at a time is all that a file takes.
    /// </summary>
    public static Config Sqlite(string journalConnectionString, string snapshotConnectionString) =>
        ConfigurationFactory.ParseString(
            $$"""
            akka.persistence.journal.sql {
              connection-string = "{{Escape(journalConnectionString)}}"
              provider-name = "SQLite.MS"
              parallelism = 1
              auto-initialize = on
            }
            akka.persistence.snapshot-store.sql {
              connection-string = "{{Escape(snapshotConnectionString)}}"
              provider-name = "SQLite.MS"
              auto-initialize = on
            }
            """);

    /// <summary>
    /// PostgreSQL: batches by COPY, in few and full transactions; measured at nearly twice the events of single inserts.
    /// The options of the connection come as a setup.
    /// </summary>
    public static readonly Config Postgres = ConfigurationFactory.ParseString(
        """
        akka.persistence.journal.sql {
          provider-name = "PostgreSQL.15"
          parallelism = 2
          max-row-by-row-size = 0
          auto-initialize = off
        }
        akka.persistence.snapshot-store.sql {
          provider-name = "PostgreSQL.15"
          auto-initialize = off
        }
        # Each holds a connection while it runs.
        akka.persistence.max-concurrent-recoveries = 20
        """);

    /// <summary>How soon a cluster of several nodes does without one that is gone.</summary>
    /// <param name="stableAfter">How long the view must last.</param>
    public static Config FailOver(TimeSpan stableAfter) => ConfigurationFactory.ParseString(
        string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            akka.cluster {
              split-brain-resolver {
                stable-after = {{stableAfter.TotalMilliseconds:0}} ms
                # Each further loss begins that time anew; where it never ends, all nodes restart. By default that is after
                # one stable-after more, which two machines that die one after the other already reach.
                down-all-when-unstable = {{stableAfter.TotalMilliseconds * 3:0}} ms
              }
              # What is lost starts again elsewhere only this much later, so that a side that is cut off can stop before. It
              # needs less than a full stable-after: both sides find out within a heartbeat or two of each other, and the
              # journal's key refuses whoever would still write.
              down-removal-margin = {{stableAfter.TotalMilliseconds * 3 / 4:0}} ms
            }
            """));

    private static string Escape(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}
