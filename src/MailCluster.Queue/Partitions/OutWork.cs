using System.Collections.Immutable;
using MailCluster.Mail.Identity;

namespace MailCluster.Queue;

/// <summary>What has been given out and not come back: recipients under way, notices being written. Not durable.</summary>
internal sealed class OutWork
{
    private readonly Dictionary<QueueId, Out> _entries = [];

    public bool HasRecipient(QueueId id, int recipient) =>
        _entries.TryGetValue(id, out var entry) && entry.Contains(recipient);

    public bool HasNotice(QueueId id) => _entries.TryGetValue(id, out var entry) && entry.Notice;

    public void Give(DueWork work)
    {
        if (!_entries.TryGetValue(work.Entry.Id, out var entry))
        {
            _entries.Add(work.Entry.Id, entry = new Out());
        }

        switch (work)
        {
            case DueWork.Relay relay:
                foreach (var recipient in relay.Recipients)
                {
                    entry.Add(recipient);
                }

                break;
            case DueWork.Store store:
                entry.Add(store.Recipient);
                break;
            case DueWork.Notice:
                entry.Notice = true;
                break;
        }
    }

    public void Return(DueWork work)
    {
        if (!_entries.TryGetValue(work.Entry.Id, out var entry))
        {
            return;
        }

        switch (work)
        {
            case DueWork.Relay relay:
                Return(entry, relay.Recipients);
                break;
            case DueWork.Store store:
                entry.Remove(store.Recipient);
                break;
            case DueWork.Notice:
                entry.Notice = false;
                break;
        }

        DropEmpty(work.Entry.Id, entry);
    }

    public void Return(IQueueEvent @event)
    {
        if (!_entries.TryGetValue(@event.QueueId, out var entry))
        {
            return;
        }

        switch (@event)
        {
            case AttemptRecorded attempt:
                foreach (var outcome in attempt.Outcomes)
                {
                    entry.Remove(outcome.Recipient);
                }

                break;
            case NoticeQueued:
                entry.Notice = false;
                break;
        }

        DropEmpty(@event.QueueId, entry);
    }

    public void Forget(QueueId id) => _entries.Remove(id);

    private static void Return(Out entry, ImmutableArray<int> recipients)
    {
        foreach (var recipient in recipients)
        {
            entry.Remove(recipient);
        }
    }

    private void DropEmpty(QueueId id, Out entry)
    {
        if (entry.IsEmpty)
        {
            _entries.Remove(id);
        }
    }

    /// <summary>One entry's share. Most entries have few recipients: their bits need no set.</summary>
    private sealed class Out
    {
        private const int Bits = 64;

        private ulong _first;
        private HashSet<int>? _rest;

        public bool Notice { get; set; }

        public bool IsEmpty => _first == 0 && !Notice && (_rest is null || _rest.Count == 0);

        public bool Contains(int recipient) =>
            (uint)recipient < Bits ? (_first & (1UL << recipient)) != 0 : _rest?.Contains(recipient) is true;

        public void Add(int recipient)
        {
            if ((uint)recipient < Bits)
            {
                _first |= 1UL << recipient;
            }
            else
            {
                (_rest ??= []).Add(recipient);
            }
        }

        public void Remove(int recipient)
        {
            if ((uint)recipient < Bits)
            {
                _first &= ~(1UL << recipient);
            }
            else
            {
                _rest?.Remove(recipient);
            }
        }
    }
}
