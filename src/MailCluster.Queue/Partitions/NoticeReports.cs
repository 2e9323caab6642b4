using System.Collections.Immutable;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Dsn;
using MailCluster.Mail.Envelopes;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Replies;

namespace MailCluster.Queue;

/// <summary>Makes of a notice plan what a DSN says, and the queue entry that carries it. Pure.</summary>
public static class NoticeReports
{
    /// <summary>What the notice says.</summary>
    public static DsnReport Report(
        QueueEntry entry, NoticePlan plan, QueueId noticeId, DomainName reportingMta, DateTimeOffset now) => new()
        {
            ReportingMta = reportingMta,
            Recipient = entry.ReversePath.Address!.Value,
            ArrivalDate = entry.AcceptedAt,
            Now = now,
            EnvelopeId = entry.EnvelopeId,
            QueueId = noticeId,
            Return = entry.Return,
            Recipients = ImmutableArray.CreateRange(plan.Recipients, i => Tell(entry, entry.Recipients[i], plan.Kind)),
            Utf8 = entry.Utf8,
        };

    /// <summary>The entry of the notice itself. RFC 3464 §2: from the null reverse-path, so it never causes another.</summary>
    public static QueueEntry Entry(
        DsnReport report, ComposedDsn composed, ImmutableArray<ResolvedRecipient> recipients, RetrySchedule schedule) => new()
        {
            Id = report.QueueId,
            ReversePath = ReversePath.Null,
            Recipients = ImmutableArray.CreateRange(recipients, r => new QueuedRecipient
            {
                Path = r.Path,
                Target = r.Target,
                Notify = DsnNotify.Never,
                NextAttemptAt = report.Now,
            }),
            BodyType = composed.BodyType,
            Utf8 = composed.Utf8,
            Size = composed.Octets.Length,
            AcceptedAt = report.Now,
            ExpiresAt = report.Now + schedule.MaxAge,
        };

    private static DsnRecipient Tell(QueueEntry entry, QueuedRecipient recipient, NoticeKind kind)
    {
        var delayed = kind == NoticeKind.Delayed;
        var action = delayed ? DsnAction.Delayed : recipient.Owed switch
        {
            NoticeOwed.Delivered => DsnAction.Delivered,
            NoticeOwed.Relayed => DsnAction.Relayed,
            _ => DsnAction.Failed,
        };
        return new DsnRecipient
        {
            Final = recipient.Path,
            OriginalRecipient = recipient.OriginalRecipient,
            Action = action,
            Status = StatusOf(recipient.LastReply, action),
            RemoteReply = recipient.LastReply,
            RemoteMta = recipient.LastRemote,
            LastAttempt = recipient.LastAttemptAt,
            WillRetryUntil = delayed ? entry.ExpiresAt : null,
        };
    }

    /// <summary>
    /// RFC 3464 §2.3.4: the class of the status must agree with the action. What failed with a transient reply failed
    /// because its time was over (RFC 3463 §3.5).
    /// </summary>
    private static EnhancedStatusCode StatusOf(Reply? reply, DsnAction action)
    {
        if (action == DsnAction.Failed && reply is { IsTransient: true })
        {
            return EnhancedStatusCode.DeliveryTimeExpired.As(5);
        }

        var wanted = action switch
        {
            DsnAction.Failed => 5,
            DsnAction.Delayed => 4,
            _ => 2,
        };
        var status = reply?.StatusOrDefault ?? new EnhancedStatusCode(wanted, 0, 0);
        return status.Class == wanted ? status : status.As(wanted);
    }
}
