using System.Collections.Immutable;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Envelopes;
using MailCluster.Mail.Identity;

namespace MailCluster.Queue;

/// <summary>One accepted message: its envelope, and the state of each recipient. Immutable; changed by events alone.</summary>
public sealed record QueueEntry
{
    public required QueueId Id { get; init; }

    public required ReversePath ReversePath { get; init; }

    public required ImmutableArray<QueuedRecipient> Recipients { get; init; }

    public BodyType BodyType { get; init; }

    public bool Utf8 { get; init; }

    public DsnReturn Return { get; init; }

    /// <summary>ENVID= of RFC 3461 §4.4, still xtext-encoded; or null.</summary>
    public string? EnvelopeId { get; init; }

    /// <summary>Octets of the body.</summary>
    public long Size { get; init; }

    public required DateTimeOffset AcceptedAt { get; init; }

    /// <summary>RFC 5321 §4.5.4.1: when it is given up.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>An operator stopped it: it is neither tried nor given up.</summary>
    public bool Held { get; init; }

    /// <summary>The sender has heard that it is late; said once.</summary>
    public bool DelayNoticeSent { get; init; }

    public bool HasPending => Recipients.Any(static r => r.IsPending);

    /// <summary>Nobody waits for a copy, and nobody for a word: the entry can go.</summary>
    public bool IsFinished => Recipients.All(static r => !r.IsPending && r.Owed == NoticeOwed.None);

    /// <summary>The earliest attempt of a pending recipient, or null.</summary>
    public DateTimeOffset? NextAttemptAt
    {
        get
        {
            DateTimeOffset? earliest = null;
            foreach (var recipient in Recipients)
            {
                if (recipient.IsPending && (earliest is null || recipient.NextAttemptAt < earliest))
                {
                    earliest = recipient.NextAttemptAt;
                }
            }

            return earliest;
        }
    }
}
