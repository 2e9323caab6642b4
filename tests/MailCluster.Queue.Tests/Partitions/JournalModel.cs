using MailCluster.Mail.Envelopes;
using MailCluster.Mail.Identity;

namespace MailCluster.Queue.Tests.Partitions;

/// <summary>Reads a journal again in the plainest way, to say what must have been told to whom.</summary>
internal sealed class JournalModel
{
    private readonly Dictionary<QueueId, QueueEntry> _entries = [];
    private readonly Dictionary<(QueueId Id, int Recipient), OutcomeKind> _ends = [];
    private readonly Dictionary<(QueueId Id, int Recipient), int> _told = [];
    private readonly HashSet<QueueId> _delayTold = [];
    private readonly HashSet<QueueId> _silenced = [];

    /// <summary>The first rule that the journal broke, or null.</summary>
    public string? Trouble { get; private set; }

    public static string? Check(IEnumerable<IQueueEvent> journal)
    {
        var model = new JournalModel();
        foreach (var @event in journal)
        {
            model.Read(@event);
        }

        return model.Trouble ?? model.CheckEnd();
    }

    private void Read(IQueueEvent @event)
    {
        switch (@event)
        {
            case MessageQueued queued:
                _entries.Add(queued.QueueId, queued.Entry);
                break;
            case AttemptRecorded attempt:
                foreach (var outcome in attempt.Outcomes.Where(o => o.Kind != OutcomeKind.Deferred))
                {
                    _ends.TryAdd((attempt.QueueId, outcome.Recipient), outcome.Kind);
                }

                break;
            case MessageRemoved removed:
                for (var i = 0; i < _entries[removed.QueueId].Recipients.Length; i++)
                {
                    _ends.TryAdd((removed.QueueId, i), OutcomeKind.Failed);
                }

                _ = removed.WithDsn || _silenced.Add(removed.QueueId);
                break;
            case NoticeQueued notice:
                ReadNotice(notice);
                break;
        }
    }

    private void ReadNotice(NoticeQueued told)
    {
        if (told.Notice is { } notice)
        {
            _entries.Add(notice.Id, notice);
        }

        Expect(!_entries[told.QueueId].ReversePath.IsNull, "a notice to nobody");
        Expect(!told.Plan.Recipients.IsEmpty, "a notice about nobody");
        if (told.Plan.Kind == NoticeKind.Delayed)
        {
            Expect(_delayTold.Add(told.QueueId), "a delay told twice");
            return;
        }

        foreach (var recipient in told.Plan.Recipients)
        {
            _told[(told.QueueId, recipient)] = _told.GetValueOrDefault((told.QueueId, recipient)) + 1;
            Expect(_ends.ContainsKey((told.QueueId, recipient)), "the end of a recipient told that is still pending");
        }
    }

    private string? CheckEnd()
    {
        foreach (var entry in _entries.Values)
        {
            for (var i = 0; i < entry.Recipients.Length; i++)
            {
                if (!_ends.TryGetValue((entry.Id, i), out var end))
                {
                    return $"recipient {i} of {entry.Id} is lost";
                }

                var told = _told.GetValueOrDefault((entry.Id, i));
                var wanted = IsTold(entry, entry.Recipients[i], end) ? 1 : 0;
                if (told != wanted && !(_silenced.Contains(entry.Id) && told < wanted))
                {
                    return $"recipient {i} of {entry.Id} that ended {end} was told {told} times, not {wanted}";
                }
            }
        }

        return null;
    }

    private static bool IsTold(QueueEntry entry, QueuedRecipient recipient, OutcomeKind end) =>
        !entry.ReversePath.IsNull && end switch
        {
            OutcomeKind.Failed => recipient.Notify is DsnNotify.Unspecified || (recipient.Notify & DsnNotify.Failure) != 0,
            OutcomeKind.Relayed => (recipient.Notify & DsnNotify.Success) != 0,
            _ => (recipient.Notify & DsnNotify.Success) != 0 && recipient.Target is DeliveryTarget.Mailbox,
        };

    private void Expect(bool holds, string otherwise) => Trouble ??= holds ? null : otherwise;
}
