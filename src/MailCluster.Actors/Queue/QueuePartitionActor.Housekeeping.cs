using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using MailCluster.Mail.Identity;
using MailCluster.Queue;
using MailCluster.Storage;

namespace MailCluster.Actors.Queue;

/// <summary>
/// Keeps journal, snapshots and spool as small as the queue: a snapshot every so many events, everything behind it
/// deleted; bodies released in batches; bodies that no event came to own found and released.
/// </summary>
public sealed partial class QueuePartitionActor
{
    private static readonly TimeSpan ReleaseRetry = TimeSpan.FromSeconds(30);

    private int _eventsSinceSnapshot;
    private bool _snapshotting;

    private void OnRecovered()
    {
        if (!_services.MayWrite())
        {
            Context.Stop(Self); // it would take the partition back from its owner
            return;
        }

        _log.Debug("Partition {Partition} recovered: {Entries} entries, event {SequenceNr}", _partition, _state.Count, LastSequenceNr);
        var node = ((ExtendedActorSystem)Context.System).Provider.DefaultAddress.ToString();
        PersistAsync(new PartitionTaken(Now, node), static _ => { });
        Timers.StartPeriodicTimer(ResendDue.Instance, ResendDue.Instance, _settings.ResendCheck);
        Timers.StartPeriodicTimer(OrphanCheckDue.Instance, OrphanCheckDue.Instance, TimeSpan.FromSeconds(1), _settings.OrphanCheck);
        _services.Local.SignIn(_partition, Self);
        SchedulePump();
    }

    private bool OnHousekeeping(object message)
    {
        switch (message)
        {
            case SaveSnapshotSuccess saved:
                OnSnapshotSaved(saved.Metadata);
                return true;
            case SaveSnapshotFailure failed:
                _log.Warning(failed.Cause, "Partition {Partition}: snapshot failed, tried again later", _partition);
                _snapshotting = false;
                return true;
            case DeleteMessagesSuccess or DeleteSnapshotsSuccess:
                return true;
            case DeleteMessagesFailure failed:
                _log.Warning(failed.Cause, "Partition {Partition}: events behind the snapshot were not deleted, later again", _partition);
                return true;
            case DeleteSnapshotsFailure failed:
                _log.Warning(failed.Cause, "Partition {Partition}: old snapshots were not deleted, later again", _partition);
                return true;
            case BodiesReleased released:
                OnReleased(released);
                return true;
            case ReleaseDue:
                ReleaseNext();
                return true;
            case OrphanCheckDue:
                ListHeldAsync().PipeTo(Self);
                return true;
            case HeldBodies held:
                OnHeldBodies(held.Bodies);
                return true;
            default:
                return false;
        }
    }

    private void CountForSnapshot()
    {
        if (++_eventsSinceSnapshot >= _settings.EventsPerSnapshot && !_snapshotting)
        {
            _snapshotting = true;
            _eventsSinceSnapshot = 0;
            // State holds just what has been applied, and this runs in the callback of the last event applied.
            SaveSnapshot(_state.Snapshot());
        }
    }

    private void OnSnapshotSaved(SnapshotMetadata metadata)
    {
        _snapshotting = false;
        DeleteMessages(metadata.SequenceNr);
        DeleteSnapshots(new SnapshotSelectionCriteria(metadata.SequenceNr - 1));
    }

    private void Release(BodyId body)
    {
        _toRelease.Add(body);
        ReleaseNext();
    }

    /// <summary>One batch at a time: what comes in meanwhile is the next.</summary>
    private void ReleaseNext()
    {
        if (_releasing || _toRelease.Count == 0)
        {
            return;
        }

        _releasing = true;
        var batch = _toRelease.ToArray();
        _toRelease.Clear();
        ReleaseAsync().PipeTo(Self);

        async Task<BodiesReleased> ReleaseAsync()
        {
            try
            {
                await _services.Spool.ReleaseAsync(batch, CancellationToken.None);
                return new BodiesReleased([]);
            }
            catch (StorageException)
            {
                return new BodiesReleased(batch);
            }
        }
    }

    private void OnReleased(BodiesReleased released)
    {
        _releasing = false;
        if (released.Failed.Length == 0)
        {
            ReleaseNext();
            return;
        }

        _log.Warning("Partition {Partition}: {Count} bodies were not released, tried again", _partition, released.Failed.Length);
        _toRelease.AddRange(released.Failed);
        Timers.StartSingleTimer(ReleaseDue.Instance, ReleaseDue.Instance, ReleaseRetry);
    }

    private async Task<HeldBodies> ListHeldAsync()
    {
        try
        {
            return new HeldBodies(await _services.Spool.ListHeldAsync(_partition, CancellationToken.None));
        }
        catch (StorageException)
        {
            return new HeldBodies([]); // the next check finds them
        }
    }

    /// <summary>A body whose entry never came: its connection or node died between commit and event. Nobody got a 250.</summary>
    private void OnHeldBodies(IReadOnlyList<BodyId> held)
    {
        var youngest = Now - _settings.OrphanAge;
        var orphans = held.Where(body => body.CreatedAt < youngest && !_state.Contains(body.QueueId)).ToArray();
        if (orphans.Length > 0)
        {
            _log.Info("Partition {Partition}: {Count} bodies without entry released", _partition, orphans.Length);
            // By an event: it fails where another copy of this partition has gone on meanwhile, and then nothing is released.
            PersistAllAsync(
                orphans.Select(orphan => new OrphanFound(orphan.QueueId, Now)), found => Release(found.QueueId.Body));
        }
    }

    /// <summary>What an operator reads at night: each attempt's outcome, and the end of an entry.</summary>
    private void LogEvent(IQueueEvent @event)
    {
        if (@event is not AttemptRecorded attempt || _state.Find(attempt.QueueId) is not { } entry)
        {
            return;
        }

        foreach (var outcome in attempt.Outcomes)
        {
            if (outcome.Recipient >= entry.Recipients.Length)
            {
                continue;
            }

            var path = entry.Recipients[outcome.Recipient].Path;
            var remote = outcome.Remote ?? "this server";
            if (outcome.Kind == OutcomeKind.Deferred)
            {
                _log.Info("{Outcome} {QueueId} to {Recipient} by {Remote}, next attempt {NextAttempt:u}: {Reply}",
                    outcome.Kind, entry.Id, path, remote, outcome.NextAttemptAt, outcome.Reply);
            }
            else
            {
                _log.Info("{Outcome} {QueueId} to {Recipient} by {Remote}: {Reply}",
                    outcome.Kind, entry.Id, path, remote, outcome.Reply);
            }
        }
    }

    /// <summary>To itself: bodies that could not be released, or none.</summary>
    private sealed record BodiesReleased(BodyId[] Failed) : IDeadLetterSuppression;

    private sealed record HeldBodies(IReadOnlyList<BodyId> Bodies) : IDeadLetterSuppression;

    private sealed class ReleaseDue : IDeadLetterSuppression
    {
        public static readonly ReleaseDue Instance = new();
    }

    private sealed class OrphanCheckDue : IDeadLetterSuppression
    {
        public static readonly OrphanCheckDue Instance = new();
    }
}
