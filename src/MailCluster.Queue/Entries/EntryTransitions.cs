using System.Collections.Immutable;
using MailCluster.Mail.Envelopes;
using MailCluster.Mail.Replies;

namespace MailCluster.Queue;

/// <summary>What each event makes of an entry. Pure: the same events always make the same entry.</summary>
internal static class EntryTransitions
{
    public static QueueEntry Apply(QueueEntry entry, IQueueEvent @event) => @event switch
    {
        AttemptRecorded attempt => Record(entry, attempt),
        MessageHeld => entry with { Held = true },
        MessageReleased released => MakeDue(entry with { Held = false }, released.At),
        MessageRetried retried => MakeDue(entry, retried.At),
        MessageRemoved removed => Remove(entry, removed),
        NoticeQueued notice => Settle(entry, notice.Plan),
        _ => entry,
    };

    private static QueueEntry Record(QueueEntry entry, AttemptRecorded attempt)
    {
        var recipients = entry.Recipients.ToBuilder();
        foreach (var outcome in attempt.Outcomes)
        {
            // An outcome that comes late, for a recipient that is done already, changes nothing.
            if ((uint)outcome.Recipient < (uint)recipients.Count && recipients[outcome.Recipient].IsPending)
            {
                var tried = recipients[outcome.Recipient] with { LastAttemptAt = attempt.At };
                recipients[outcome.Recipient] = Record(entry, tried, outcome);
            }
        }

        return entry with { Recipients = recipients.MoveToImmutable() };
    }

    private static QueuedRecipient Record(QueueEntry entry, QueuedRecipient recipient, RecordedOutcome outcome)
    {
        var heard = recipient with { LastReply = outcome.Reply, LastRemote = outcome.Remote };
        return outcome.Kind switch
        {
            OutcomeKind.Deferred => heard with
            {
                Attempts = heard.Attempts + 1,
                NextAttemptAt = outcome.NextAttemptAt ?? heard.NextAttemptAt,
            },
            OutcomeKind.Failed => Fail(entry, heard),
            OutcomeKind.Relayed => Succeed(entry, heard, NoticeOwed.Relayed),
            _ => Succeed(entry, heard, NoticeOwed.Delivered),
        };
    }

    /// <summary>RFC 3461 §5.2.1: success is told only where the sender asked for it.</summary>
    private static QueuedRecipient Succeed(QueueEntry entry, QueuedRecipient recipient, NoticeOwed notice)
    {
        // A next hop that passes notices on tells of the success itself (§5.2.2); only a mailbox of ours is our word.
        var ours = notice == NoticeOwed.Relayed || recipient.Target is DeliveryTarget.Mailbox;
        var owed = ours && !entry.ReversePath.IsNull && recipient.Notify.HasFlag(DsnNotify.Success);
        return recipient with { Status = RecipientStatus.Delivered, Owed = owed ? notice : NoticeOwed.None };
    }

    /// <summary>RFC 3461 §4.1: failure is told unless the sender asked not to; RFC 5321 §4.5.5: never for &lt;&gt;.</summary>
    private static QueuedRecipient Fail(QueueEntry entry, QueuedRecipient recipient) => recipient with
    {
        Status = RecipientStatus.Failed,
        Owed = WantsFailure(entry, recipient) ? NoticeOwed.Failed : NoticeOwed.None,
    };

    public static bool WantsFailure(QueueEntry entry, QueuedRecipient recipient) =>
        !entry.ReversePath.IsNull
        && (recipient.Notify == DsnNotify.Unspecified || recipient.Notify.HasFlag(DsnNotify.Failure));

    /// <summary>RFC 3461 §4.1: without NOTIFY a delay may be told, too.</summary>
    public static bool WantsDelay(QueueEntry entry, QueuedRecipient recipient) =>
        !entry.ReversePath.IsNull
        && (recipient.Notify == DsnNotify.Unspecified || recipient.Notify.HasFlag(DsnNotify.Delay));

    private static QueueEntry Remove(QueueEntry entry, MessageRemoved removed)
    {
        return entry with
        {
            Held = false,
            Recipients = ImmutableArray.CreateRange(entry.Recipients, GiveUp),
        };

        QueuedRecipient GiveUp(QueuedRecipient recipient)
        {
            var ended = recipient.IsPending
                ? Fail(entry, recipient with { LastReply = RemovedByOperator, LastRemote = null })
                : recipient;
            return removed.WithDsn ? ended : ended with { Owed = NoticeOwed.None };
        }
    }

    private static QueueEntry MakeDue(QueueEntry entry, DateTimeOffset at) => entry with
    {
        Recipients = ImmutableArray.CreateRange(
            entry.Recipients, r => r.IsPending ? r with { NextAttemptAt = at } : r),
    };

    private static QueueEntry Settle(QueueEntry entry, NoticePlan plan)
    {
        if (plan.Kind == NoticeKind.Delayed)
        {
            return entry with { DelayNoticeSent = true };
        }

        var recipients = entry.Recipients.ToBuilder();
        foreach (var index in plan.Recipients)
        {
            if ((uint)index < (uint)recipients.Count)
            {
                recipients[index] = recipients[index] with { Owed = NoticeOwed.None };
            }
        }

        return entry with { Recipients = recipients.MoveToImmutable() };
    }

    private static readonly Reply RemovedByOperator = new(
        ReplyCode.TransactionFailed, EnhancedStatusCode.Undefined, "Removed from the queue by the operator");
}
