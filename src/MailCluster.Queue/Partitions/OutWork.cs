using MailCluster.Mail.Identity;

namespace MailCluster.Queue;

/// <summary>What has been given out and not come back: recipients under way, notices being written. Not durable.</summary>
internal sealed class OutWork
{
    private readonly Dictionary<QueueId, Out> _entries = [];

    public bool HasRecipient(QueueId id, int recipient) =>
        _entries.TryGetValue(id, out var entry) && entry.Recipients.Contains(recipient);

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
                entry.Recipients.UnionWith(relay.Recipients);
                break;
            case DueWork.Store store:
                entry.Recipients.Add(store.Recipient);
                break;
            case DueWork.Notice:
                entry.Notice = true;
                break;
        }
    }

    public void Return(DueWork work)
    {
        switch (work)
        {
            case DueWork.Relay relay:
                Return(work.Entry.Id, relay.Recipients);
                break;
            case DueWork.Store store:
                Return(work.Entry.Id, [store.Recipient]);
                break;
            case DueWork.Notice:
                ReturnNotice(work.Entry.Id);
                break;
        }
    }

    public void Return(IQueueEvent @event)
    {
        switch (@event)
        {
            case AttemptRecorded attempt:
                Return(attempt.QueueId, attempt.Outcomes.Select(o => o.Recipient));
                break;
            case NoticeQueued notice:
                ReturnNotice(notice.QueueId);
                break;
        }
    }

    public void Forget(QueueId id) => _entries.Remove(id);

    private void Return(QueueId id, IEnumerable<int> recipients)
    {
        if (_entries.TryGetValue(id, out var entry))
        {
            entry.Recipients.ExceptWith(recipients);
            DropEmpty(id, entry);
        }
    }

    private void ReturnNotice(QueueId id)
    {
        if (_entries.TryGetValue(id, out var entry))
        {
            entry.Notice = false;
            DropEmpty(id, entry);
        }
    }

    private void DropEmpty(QueueId id, Out entry)
    {
        if (entry.Recipients.Count == 0 && !entry.Notice)
        {
            _entries.Remove(id);
        }
    }

    private sealed class Out
    {
        public HashSet<int> Recipients { get; } = [];

        public bool Notice { get; set; }
    }
}
