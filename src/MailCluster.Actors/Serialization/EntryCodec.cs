using Google.Protobuf;
using MailCluster.Actors.Serialization.Proto;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Envelopes;
using MailCluster.Mail.Identity;
using MailCluster.Queue;

namespace MailCluster.Actors.Serialization;

/// <summary>Queue entries between our types and protobuf's.</summary>
internal static class EntryCodec
{
    public static ByteString ToData(QueueId id) => UnsafeByteOperations.UnsafeWrap(id.ToByteArray());

    public static QueueId ToQueueId(ByteString data) => QueueId.FromBytes(data.Span);

    public static long ToData(DateTimeOffset at) => at.ToUnixTimeMilliseconds();

    public static DateTimeOffset ToTime(long at) => DateTimeOffset.FromUnixTimeMilliseconds(at);

    public static QueueEntryData ToData(QueueEntry entry)
    {
        var data = new QueueEntryData
        {
            Id = ToData(entry.Id),
            ReversePath = CommonCodec.ToData(entry.ReversePath),
            BodyType = (int)entry.BodyType,
            Utf8 = entry.Utf8,
            Return = (int)entry.Return,
            Size = entry.Size,
            AcceptedAt = ToData(entry.AcceptedAt),
            ExpiresAt = ToData(entry.ExpiresAt),
            Held = entry.Held,
            DelayNoticeSent = entry.DelayNoticeSent,
        };
        if (entry.EnvelopeId is { } envelopeId)
        {
            data.EnvelopeId = envelopeId;
        }

        foreach (var recipient in entry.Recipients)
        {
            data.Recipients.Add(ToData(recipient));
        }

        return data;
    }

    public static QueueEntry FromData(QueueEntryData data) => new()
    {
        Id = ToQueueId(data.Id),
        ReversePath = CommonCodec.ReversePathFromData(data.ReversePath),
        Recipients = [.. data.Recipients.Select(FromData)],
        BodyType = (BodyType)data.BodyType,
        Utf8 = data.Utf8,
        Return = (DsnReturn)data.Return,
        EnvelopeId = data.HasEnvelopeId ? data.EnvelopeId : null,
        Size = data.Size,
        AcceptedAt = ToTime(data.AcceptedAt),
        ExpiresAt = ToTime(data.ExpiresAt),
        Held = data.Held,
        DelayNoticeSent = data.DelayNoticeSent,
    };

    private static QueuedRecipientData ToData(QueuedRecipient recipient)
    {
        var data = new QueuedRecipientData
        {
            Resolved = CommonCodec.ToData(recipient.Path, recipient.Target),
            Notify = (int)recipient.Notify,
            Status = (int)recipient.Status,
            Attempts = recipient.Attempts,
            NextAttemptAt = ToData(recipient.NextAttemptAt),
            LastReply = CommonCodec.ToData(recipient.LastReply),
            NoticeOwed = (int)recipient.Owed,
        };
        if (recipient.OriginalRecipient is { } original)
        {
            data.OriginalRecipient = original;
        }

        if (recipient.LastRemote is { } remote)
        {
            data.LastRemote = remote;
        }

        if (recipient.LastAttemptAt is { } lastAttempt)
        {
            data.LastAttemptAt = ToData(lastAttempt);
        }

        return data;
    }

    private static QueuedRecipient FromData(QueuedRecipientData data) => new()
    {
        Path = new ForwardPath(CommonCodec.FromData(data.Resolved.Path)),
        Target = CommonCodec.TargetFromData(data.Resolved),
        Notify = (DsnNotify)data.Notify,
        OriginalRecipient = data.HasOriginalRecipient ? data.OriginalRecipient : null,
        Status = (RecipientStatus)data.Status,
        Attempts = data.Attempts,
        NextAttemptAt = ToTime(data.NextAttemptAt),
        LastAttemptAt = data.HasLastAttemptAt ? ToTime(data.LastAttemptAt) : null,
        LastReply = CommonCodec.FromData(data.LastReply),
        LastRemote = data.HasLastRemote ? data.LastRemote : null,
        Owed = (NoticeOwed)data.NoticeOwed,
    };
}
