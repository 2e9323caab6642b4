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
        void Give(DueWork work)
        {
            givenOut.Give(work);
            due.Add(work);
        }

        if (PlanFinalNotice(entry, givenOut) is { } final)
        {
            Give(new DueWork.Notice(final) { Entry = entry });
        }

        if (entry.Held)
        {
            return;
        }

        PlanAttempts(entry, now, settings, routes, givenOut, Give);
        if (DelayNoticeAt(entry, settings.Schedule) is { } at && at <= now && !givenOut.HasNotice(entry.Id))
        {
            Give(new DueWork.Notice(new NoticePlan(NoticeKind.Delayed, DelayRecipients(entry))) { Entry = entry });
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

        if (entry.HasPending && !givenOut.HasNotice(entry.Id) && DelayNoticeAt(entry, schedule) is { } at)
        {
            next = Earlier(next, at);
        }

        return next;
    }

    private static void PlanAttempts(
        QueueEntry entry, DateTimeOffset now, QueueSettings settings, RouteTable routes, OutWork givenOut,
        Action<DueWork> give)
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
                give(new DueWork.Store(mailbox, i) { Entry = entry });
                continue;
            }

            var hop = routes.Resolve(((DeliveryTarget.Remote)recipient.Target).Domain);
            relays ??= [];
            if (!relays.TryGetValue(hop, out var group))
            {
                relays.Add(hop, group = ImmutableArray.CreateBuilder<int>());
            }

            group.Add(i);
            if (group.Count == settings.MaxRecipientsPerAttempt)
            {
                give(new DueWork.Relay(hop, group.ToImmutable()) { Entry = entry });
                group.Clear();
            }
        }

        foreach (var (hop, group) in relays ?? [])
        {
            if (group.Count > 0)
            {
                give(new DueWork.Relay(hop, group.ToImmutable()) { Entry = entry });
            }
        }
    }

    private static NoticePlan? PlanFinalNotice(QueueEntry entry, OutWork givenOut)
    {
        if (givenOut.HasNotice(entry.Id))
        {
            return null;
        }

        var owed = Indices(entry, static (_, r) => r.Owed != NoticeOwed.None);
        return owed.IsEmpty ? null : new NoticePlan(NoticeKind.Final, owed);
    }

    private static DateTimeOffset? DelayNoticeAt(QueueEntry entry, RetrySchedule schedule) =>
        schedule.DelayNoticeAfter is { } after && !entry.DelayNoticeSent && entry.AcceptedAt + after < entry.ExpiresAt
            && !DelayRecipients(entry).IsEmpty
            ? entry.AcceptedAt + after
            : null;

    private static ImmutableArray<int> DelayRecipients(QueueEntry entry) =>
        Indices(entry, static (e, r) => r.IsPending && EntryTransitions.WantsDelay(e, r));

    private static ImmutableArray<int> Indices(QueueEntry entry, Func<QueueEntry, QueuedRecipient, bool> wanted)
    {
        ImmutableArray<int>.Builder? found = null;
        for (var i = 0; i < entry.Recipients.Length; i++)
        {
            if (wanted(entry, entry.Recipients[i]))
            {
                (found ??= ImmutableArray.CreateBuilder<int>()).Add(i);
            }
        }

        return found?.ToImmutable() ?? [];
    }

    private static DateTimeOffset Earlier(DateTimeOffset? one, DateTimeOffset other) =>
        one is { } known && known < other ? known : other;
}
