using System.Collections.Immutable;
using MailCluster.Mail.Envelopes;

namespace MailCluster.Queue;

/// <summary>What of an entry is due, and when to look at it again. Pure but for the work given out.</summary>
internal static class DuePlanner
{
    /// <summary>Adds to <paramref name="due"/> what the entry wants now and nobody has in hand.</summary>
    public static void Plan(
        QueueEntry entry, DateTimeOffset now, QueueSettings settings, RouteTable routes, OutWork givenOut,
        ImmutableArray<DueWork>.Builder due)
    {
        if (PlanFinalNotice(entry, givenOut) is { } final)
        {
            Give(new DueWork.Notice(final) { Entry = entry }, givenOut, due);
        }

        if (entry.Held)
        {
            return;
        }

        PlanAttempts(entry, now, settings, routes, givenOut, due);
        if (!givenOut.HasNotice(entry.Id)
            && DelayNoticeAt(entry, settings.Schedule) <= now
            && DelayRecipients(entry, givenOut) is { IsEmpty: false } delayed)
        {
            Give(new DueWork.Notice(new NoticePlan(NoticeKind.Delayed, delayed)) { Entry = entry }, givenOut, due);
        }
    }

    /// <summary>The next time at which <see cref="Plan"/> has something, or null while all is in others' hands.</summary>
    public static DateTimeOffset? NextLook(QueueEntry entry, RetrySchedule schedule, OutWork givenOut)
    {
        DateTimeOffset? next = PlanFinalNotice(entry, givenOut) is null ? null : DateTimeOffset.MinValue;
        if (entry.Held)
        {
            return next;
        }

        for (var i = 0; i < entry.Recipients.Length; i++)
        {
            var recipient = entry.Recipients[i];
            if (recipient.IsPending && !givenOut.HasRecipient(entry.Id, i))
            {
                next = Earlier(next, recipient.NextAttemptAt);
            }
        }

        return !givenOut.HasNotice(entry.Id)
            && DelayNoticeAt(entry, schedule) is { } at
            && !DelayRecipients(entry, givenOut).IsEmpty
            ? Earlier(next, at)
            : next;
    }

    private static void Give(DueWork work, OutWork givenOut, ImmutableArray<DueWork>.Builder due)
    {
        givenOut.Give(work);
        due.Add(work);
    }

    private static void PlanAttempts(
        QueueEntry entry, DateTimeOffset now, QueueSettings settings, RouteTable routes, OutWork givenOut,
        ImmutableArray<DueWork>.Builder due)
    {
        Dictionary<NextHop, ImmutableArray<int>.Builder>? relays = null;
        for (var i = 0; i < entry.Recipients.Length; i++)
        {
            var recipient = entry.Recipients[i];
            if (!recipient.IsPending || recipient.NextAttemptAt > now || givenOut.HasRecipient(entry.Id, i))
            {
                continue;
            }

            if (recipient.Target is DeliveryTarget.Mailbox mailbox)
            {
                Give(new DueWork.Store(mailbox, i) { Entry = entry }, givenOut, due);
                continue;
            }

            var hop = routes.Resolve(((DeliveryTarget.Remote)recipient.Target).Domain);
            if (entry.Recipients.Length == 1)
            {
                Give(new DueWork.Relay(hop, [i]) { Entry = entry }, givenOut, due); // most messages: nothing to group
                return;
            }

            relays ??= [];
            if (!relays.TryGetValue(hop, out var group))
            {
                relays.Add(hop, group = ImmutableArray.CreateBuilder<int>());
            }

            group.Add(i);
            if (group.Count == settings.MaxRecipientsPerAttempt)
            {
                Give(new DueWork.Relay(hop, group.ToImmutable()) { Entry = entry }, givenOut, due);
                group.Clear();
            }
        }

        foreach (var (hop, group) in relays ?? [])
        {
            if (group.Count > 0)
            {
                Give(new DueWork.Relay(hop, group.ToImmutable()) { Entry = entry }, givenOut, due);
            }
        }
    }

    private static NoticePlan? PlanFinalNotice(QueueEntry entry, OutWork givenOut)
    {
        if (givenOut.HasNotice(entry.Id))
        {
            return null;
        }

        ImmutableArray<int>.Builder? owed = null;
        for (var i = 0; i < entry.Recipients.Length; i++)
        {
            if (entry.Recipients[i].Owed != NoticeOwed.None)
            {
                (owed ??= ImmutableArray.CreateBuilder<int>()).Add(i);
            }
        }

        return owed is null ? null : new NoticePlan(NoticeKind.Final, owed.ToImmutable());
    }

    private static DateTimeOffset? DelayNoticeAt(QueueEntry entry, RetrySchedule schedule) =>
        schedule.DelayNoticeAfter is { } after && !entry.DelayNoticeSent && after < entry.ExpiresAt - entry.AcceptedAt
            ? entry.AcceptedAt + after
            : null;

    /// <summary>
    /// Who waits for a later attempt. Not those whose attempt is under way: after a downtime, or a release, it may well
    /// succeed, and the sender would hear of a delay that is over.
    /// </summary>
    private static ImmutableArray<int> DelayRecipients(QueueEntry entry, OutWork givenOut)
    {
        ImmutableArray<int>.Builder? late = null;
        for (var i = 0; i < entry.Recipients.Length; i++)
        {
            var recipient = entry.Recipients[i];
            if (recipient.IsPending && EntryTransitions.WantsDelay(entry, recipient) && !givenOut.HasRecipient(entry.Id, i))
            {
                (late ??= ImmutableArray.CreateBuilder<int>()).Add(i);
            }
        }

        return late?.ToImmutable() ?? [];
    }

    private static DateTimeOffset Earlier(DateTimeOffset? one, DateTimeOffset other) =>
        one is { } known && known < other ? known : other;
}
