using System.Collections.Immutable;
using MailCluster.Mail.Envelopes;
using MailCluster.Mail.Replies;

namespace MailCluster.Queue;

/// <summary>What each command leads to, for one entry. Pure.</summary>
internal static class EntryDecisions
{
    private static readonly Reply QueueFull = new(
        ReplyCode.InsufficientStorage, EnhancedStatusCode.SystemFull, "Queue is full, try again later");

    // RFC 5321 §4.5.3.1.10: too many recipients is 452, so that the client sends the rest in another transaction.
    private static readonly Reply TooManyRecipients = new(
        ReplyCode.InsufficientStorage, EnhancedStatusCode.TooManyRecipients, "Too many recipients after aliases");

    private static readonly Reply NoRecipients = new(
        ReplyCode.TransactionFailed, EnhancedStatusCode.InvalidCommand, "No valid recipients");

    public static QueueDecision Enqueue(
        EnqueueMessage enqueue, DateTimeOffset now, QueueSettings settings, bool isKnown, int entries)
    {
        if (isKnown)
        {
            return new QueueDecision(new MessageAlreadyQueued(enqueue.QueueId), null);
        }

        if (entries >= settings.MaxEntries)
        {
            return Reject(enqueue, QueueFull);
        }

        if (Flatten(enqueue.Envelope, now, settings.MaxRecipients) is not { } recipients)
        {
            return Reject(enqueue, TooManyRecipients);
        }

        return recipients.IsEmpty
            ? Reject(enqueue, NoRecipients)
            : new QueueDecision(
                new MessageAccepted(enqueue.QueueId),
                new MessageQueued(NewEntry(enqueue, recipients, now, settings.Schedule)));
    }

    public static QueueDecision Decide(
        QueueEntry entry, IQueueCommand command, DateTimeOffset now, RetrySchedule schedule, Func<double> random) =>
        command switch
        {
            RecordAttempt attempt => Done(entry, Record(entry, attempt, now, schedule, random)),
            RecordNotice notice => Done(entry, new NoticeQueued(entry.Id, notice.Plan, notice.Notice)),
            HoldMessage when !entry.Held => Done(entry, new MessageHeld(entry.Id, now)),
            ReleaseMessage when entry.Held => Done(entry, new MessageReleased(entry.Id, now)),
            RetryMessage when !entry.Held => Done(entry, new MessageRetried(entry.Id, now)),
            RemoveMessage remove => Done(entry, new MessageRemoved(entry.Id, now, remove.WithDsn)),
            _ => new QueueDecision(new CommandDone(entry.Id), null),
        };

    private static QueueDecision Done(QueueEntry entry, IQueueEvent @event) => new(new CommandDone(entry.Id), @event);

    private static QueueDecision Reject(EnqueueMessage enqueue, Reply reply) =>
        new(new MessageRejected(enqueue.QueueId, reply), null);

    private static QueueEntry NewEntry(
        EnqueueMessage enqueue, ImmutableArray<QueuedRecipient> recipients, DateTimeOffset now, RetrySchedule schedule)
    {
        var envelope = enqueue.Envelope;
        return new QueueEntry
        {
            Id = enqueue.QueueId,
            ReversePath = envelope.ReversePath,
            Recipients = recipients,
            BodyType = envelope.BodyType,
            Utf8 = envelope.Utf8,
            Return = envelope.Return,
            EnvelopeId = envelope.EnvelopeId,
            Size = enqueue.Size,
            AcceptedAt = now,
            ExpiresAt = now + schedule.MaxAge,
        };
    }

    /// <summary>Every final recipient once, whatever number of aliases leads to it; null where they are too many.</summary>
    private static ImmutableArray<QueuedRecipient>? Flatten(Envelope envelope, DateTimeOffset now, int max)
    {
        var recipients = ImmutableArray.CreateBuilder<QueuedRecipient>(envelope.Recipients.Length);
        var known = envelope.Recipients.Length == 1 && envelope.Recipients[0].Resolved.Length == 1
            ? null
            : new HashSet<ResolvedRecipient>();
        foreach (var recipient in envelope.Recipients)
        {
            foreach (var resolved in recipient.Resolved)
            {
                if (known?.Add(resolved) is false)
                {
                    continue;
                }

                if (recipients.Count == max)
                {
                    return null;
                }

                recipients.Add(new QueuedRecipient
                {
                    Path = resolved.Path,
                    Target = resolved.Target,
                    Notify = recipient.Notify,
                    OriginalRecipient = recipient.OriginalRecipient,
                    NextAttemptAt = now,
                });
            }
        }

        return recipients.ToImmutable();
    }

    private static AttemptRecorded Record(
        QueueEntry entry, RecordAttempt attempt, DateTimeOffset now, RetrySchedule schedule, Func<double> random) =>
        new(entry.Id, now, ImmutableArray.CreateRange(
            attempt.Outcomes, outcome => Record(entry, outcome, now, schedule, random)));

    private static RecordedOutcome Record(
        QueueEntry entry, RecipientOutcome outcome, DateTimeOffset now, RetrySchedule schedule, Func<double> random)
    {
        if (outcome.Kind != OutcomeKind.Deferred)
        {
            return new RecordedOutcome(outcome.Recipient, outcome.Kind, outcome.Reply, outcome.Remote, null);
        }

        if (now >= entry.ExpiresAt)
        {
            // With the transient words that were heard last: they are why the time ran out.
            return new RecordedOutcome(outcome.Recipient, OutcomeKind.Failed, outcome.Reply, outcome.Remote, null);
        }

        var attempts = (uint)outcome.Recipient < (uint)entry.Recipients.Length ? entry.Recipients[outcome.Recipient].Attempts + 1 : 1;
        return new RecordedOutcome(
            outcome.Recipient, outcome.Kind, outcome.Reply, outcome.Remote,
            schedule.Next(attempts, now, entry.ExpiresAt, random()));
    }
}
