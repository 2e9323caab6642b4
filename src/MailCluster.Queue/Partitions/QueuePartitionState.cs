using System.Collections.Immutable;
using MailCluster.Mail.Identity;

namespace MailCluster.Queue;

/// <summary>
/// All entries of one partition. <see cref="Decide"/> looks and says what should happen, <see cref="Apply"/> makes it
/// so; between the two the events become durable, which is the caller's part. Which recipients have been given out by
/// <see cref="TakeDue"/> and not come back is remembered here, too, but is no state: after a restart all pending
/// recipients are given out again, which is why a message may arrive twice and never not at all. Used by one caller.
/// </summary>
public sealed class QueuePartitionState
{
    private readonly QueueSettings _settings;
    private readonly RouteTable _routes;
    private readonly Dictionary<QueueId, QueueEntry> _entries = [];
    private readonly Agenda _agenda = new();
    private readonly OutWork _out = new();
    private RecentIds _finished;

    public QueuePartitionState(QueueSettings settings, RouteTable routes)
    {
        _settings = settings;
        _routes = routes;
        _finished = new RecentIds(settings.RememberedIds);
    }

    public int Count => _entries.Count;

    /// <summary>When <see cref="TakeDue"/> has something next; null never.</summary>
    public DateTimeOffset? NextDueAt => _agenda.Earliest;

    public bool Contains(QueueId id) => _entries.ContainsKey(id);

    public QueueEntry? Find(QueueId id) => _entries.GetValueOrDefault(id);

    /// <param name="command">What is wanted.</param>
    /// <param name="now">The time that goes into the events.</param>
    /// <param name="random">From 0 up to 1, for the jitter that goes into the events.</param>
    public QueueDecision Decide(IQueueCommand command, DateTimeOffset now, Func<double> random)
    {
        if (command is EnqueueMessage enqueue)
        {
            return EntryDecisions.Enqueue(enqueue, now, _settings, IsKnown(enqueue.QueueId), _entries.Count);
        }

        return _entries.TryGetValue(command.QueueId, out var entry)
            ? EntryDecisions.Decide(entry, command, now, _settings.Schedule, random)
            : new QueueDecision(new NoSuchMessage(command.QueueId), null);
    }

    /// <summary>Deterministic; an event about an entry that is gone, or that was queued before, changes nothing.</summary>
    public AppliedChange Apply(IQueueEvent @event)
    {
        if (@event is MessageQueued queued)
        {
            PutNew(queued.Entry);
            return new AppliedChange(Find(queued.Entry.Id), IsFinished: false);
        }

        if (@event is NoticeQueued { Notice: { } notice })
        {
            PutNew(notice);
        }

        if (!_entries.TryGetValue(@event.QueueId, out var entry))
        {
            return default;
        }

        _out.Return(@event);
        var changed = EntryTransitions.Apply(entry, @event);
        if (changed.IsFinished)
        {
            Remove(changed.Id);
        }
        else
        {
            Put(changed);
        }

        return new AppliedChange(changed, changed.IsFinished);
    }

    /// <summary>
    /// What is due, for at most so many entries. What is given out is not given out again until an event about it came
    /// back, or <see cref="GiveBack"/>.
    /// </summary>
    public ImmutableArray<DueWork> TakeDue(DateTimeOffset now, int maxEntries)
    {
        var due = ImmutableArray.CreateBuilder<DueWork>();
        for (var i = 0; i < maxEntries && _agenda.TryTake(now, out var id); i++)
        {
            var entry = _entries[id];
            DuePlanner.Plan(entry, now, _settings, _routes, _out, due);
            Schedule(entry);
        }

        return due.ToImmutable();
    }

    /// <summary>
    /// False for work that was given out and whose entry has since been held or given up: it must not go out. Such work
    /// needs a <see cref="GiveBack"/>, so that a release finds it; <see cref="DeliveryWindow"/> does both.
    /// </summary>
    public bool IsWanted(DueWork work)
    {
        if (!_entries.TryGetValue(work.Entry.Id, out var entry) || entry.Held)
        {
            return false;
        }

        return work switch
        {
            // Nobody else has these recipients in hand, so they are all pending or all given up.
            DueWork.Relay relay => entry.Recipients[relay.Recipients[0]].IsPending,
            DueWork.Store store => entry.Recipients[store.Recipient].IsPending,
            _ => true,
        };
    }

    /// <summary>What was given out came to nothing and is due again: a notice that could not be written, for one.</summary>
    public void GiveBack(DueWork work, DateTimeOffset notBefore)
    {
        _out.Return(work);
        if (_entries.ContainsKey(work.Entry.Id))
        {
            _agenda.Set(work.Entry.Id, notBefore);
        }
    }

    /// <summary>Answers a question about the entries; see the queries.</summary>
    public object Answer(object query, DateTimeOffset now) => query switch
    {
        ListMessages list => new MessageList(EntryQueries.List(_entries.Values, list, now)),
        GetMessage get => new MessageDetails(
            _entries.TryGetValue(get.QueueId, out var entry) ? EntryQueries.Describe(entry, now) : null),
        _ => throw new ArgumentOutOfRangeException(nameof(query)),
    };

    public QueueSnapshot Snapshot() => new([.. _entries.Values], _finished.ToImmutableArray());

    /// <summary>Makes the state what the snapshot says, whatever it was.</summary>
    public void Restore(QueueSnapshot snapshot)
    {
        foreach (var id in _entries.Keys.ToArray())
        {
            Remove(id);
        }

        _finished = new RecentIds(_settings.RememberedIds);
        foreach (var id in snapshot.RecentlyFinished)
        {
            _finished.Add(id);
        }

        foreach (var entry in snapshot.Entries)
        {
            Put(entry);
        }
    }

    private bool IsKnown(QueueId id) => _entries.ContainsKey(id) || _finished.Contains(id);

    private void PutNew(QueueEntry entry)
    {
        if (!IsKnown(entry.Id))
        {
            Put(entry);
        }
    }

    private void Put(QueueEntry entry)
    {
        _entries[entry.Id] = entry;
        Schedule(entry);
    }

    private void Remove(QueueId id)
    {
        _entries.Remove(id);
        _agenda.Set(id, null);
        _out.Forget(id);
        _finished.Add(id);
    }

    private void Schedule(QueueEntry entry) =>
        _agenda.Set(entry.Id, DuePlanner.NextLook(entry, _settings.Schedule, _out));
}
