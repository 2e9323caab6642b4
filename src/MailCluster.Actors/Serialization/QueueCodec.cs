using MailCluster.Actors.Queue;
using MailCluster.Actors.Serialization.Proto;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Envelopes;
using MailCluster.Queue;
using Envelope = MailCluster.Mail.Envelopes.Envelope;
using ResolvedRecipient = MailCluster.Mail.Envelopes.ResolvedRecipient;

namespace MailCluster.Actors.Serialization;

/// <summary>What connections and operators say to partitions, and their answers, between our types and protobuf's.</summary>
internal static class QueueCodec
{
    public static EnqueueMessageData ToData(EnqueueMessage enqueue)
    {
        var envelope = enqueue.Envelope;
        var data = new EnqueueMessageData
        {
            Id = EntryCodec.ToData(enqueue.QueueId),
            ReversePath = CommonCodec.ToData(envelope.ReversePath),
            BodyType = (int)envelope.BodyType,
            Utf8 = envelope.Utf8,
            Return = (int)envelope.Return,
            Size = enqueue.Size,
        };
        if (envelope.EnvelopeId is { } envelopeId)
        {
            data.EnvelopeId = envelopeId;
        }

        foreach (var recipient in envelope.Recipients)
        {
            data.Recipients.Add(ToData(recipient));
        }

        return data;
    }

    public static EnqueueMessage FromData(EnqueueMessageData data) => new(
        EntryCodec.ToQueueId(data.Id),
        new Envelope
        {
            ReversePath = CommonCodec.ReversePathFromData(data.ReversePath),
            Recipients = [.. data.Recipients.Select(FromData)],
            BodyType = (BodyType)data.BodyType,
            Utf8 = data.Utf8,
            Return = (DsnReturn)data.Return,
            EnvelopeId = data.HasEnvelopeId ? data.EnvelopeId : null,
        },
        data.Size);

    /// <exception cref="ArgumentException">A query that is not asked over the network.</exception>
    public static ListMessagesData ToData(PartitionQuery query)
    {
        var list = query.Query as ListMessages
            ?? throw new ArgumentException($"{query.Query.GetType()} is no question to a partition.");
        var data = new ListMessagesData { Partition = query.Partition, Limit = list.Limit };
        if (list.Destination is { } destination)
        {
            data.Destination = destination.Text;
        }

        if (list.Sender is { } sender)
        {
            data.Sender = sender;
        }

        if (list.Recipient is { } recipient)
        {
            data.Recipient = recipient;
        }

        if (list.Status is { } status)
        {
            data.Status = (int)status;
        }

        if (list.After is { } after)
        {
            data.After = EntryCodec.ToData(after);
        }

        return data;
    }

    public static PartitionQuery FromData(ListMessagesData data) => new(
        data.Partition,
        new ListMessages(
            data.HasDestination ? DomainName.Parse(data.Destination) : null,
            data.HasSender ? data.Sender : null,
            data.HasRecipient ? data.Recipient : null,
            data.HasStatus ? (EntryStatus)data.Status : null,
            data.Limit,
            data.HasAfter ? EntryCodec.ToQueueId(data.After) : null));

    public static MessageListData ToData(MessageList list)
    {
        var data = new MessageListData();
        data.Entries.AddRange(list.Entries.Select(ToData));
        return data;
    }

    public static MessageList FromData(MessageListData data) => new([.. data.Entries.Select(FromData)]);

    public static MessageDetailsData ToData(MessageDetails details)
    {
        var data = new MessageDetailsData();
        if (details.Entry is not { } entry)
        {
            return data;
        }

        data.Summary = ToData(entry.Summary);
        data.BodyType = (int)entry.BodyType;
        data.Utf8 = entry.Utf8;
        data.ExpiresAt = EntryCodec.ToData(entry.ExpiresAt);
        data.Recipients.AddRange(entry.Recipients.Select(ToData));
        if (entry.EnvelopeId is { } envelopeId)
        {
            data.EnvelopeId = envelopeId;
        }

        return data;
    }

    public static MessageDetails FromData(MessageDetailsData data) => new(data.Summary is null ? null : new QueueEntryDetails(
        FromData(data.Summary),
        (BodyType)data.BodyType,
        data.Utf8,
        data.HasEnvelopeId ? data.EnvelopeId : null,
        EntryCodec.ToTime(data.ExpiresAt),
        [.. data.Recipients.Select(FromData)]));

    private static EnvelopeRecipientData ToData(EnvelopeRecipient recipient)
    {
        var data = new EnvelopeRecipientData
        {
            Path = CommonCodec.ToData(recipient.Path.Address),
            Notify = (int)recipient.Notify,
        };
        data.Resolved.AddRange(recipient.Resolved.Select(to => CommonCodec.ToData(to.Path, to.Target)));
        if (recipient.OriginalRecipient is { } original)
        {
            data.OriginalRecipient = original;
        }

        return data;
    }

    private static EnvelopeRecipient FromData(EnvelopeRecipientData data) => new(
        new ForwardPath(CommonCodec.FromData(data.Path)),
        (DsnNotify)data.Notify,
        data.HasOriginalRecipient ? data.OriginalRecipient : null,
        [.. data.Resolved.Select(to => new ResolvedRecipient(
            new ForwardPath(CommonCodec.FromData(to.Path)), CommonCodec.TargetFromData(to)))]);

    private static EntrySummaryData ToData(QueueEntrySummary entry)
    {
        var data = new EntrySummaryData
        {
            Id = EntryCodec.ToData(entry.Id),
            Status = (int)entry.Status,
            ReversePath = CommonCodec.ToData(entry.ReversePath),
            Size = entry.Size,
            AcceptedAt = EntryCodec.ToData(entry.AcceptedAt),
            PendingRecipients = entry.PendingRecipients,
            FirstRecipient = CommonCodec.ToData(entry.FirstRecipient.Address),
        };
        if (entry.NextAttemptAt is { } next)
        {
            data.NextAttemptAt = EntryCodec.ToData(next);
        }

        if (entry.LastReply is { } reply)
        {
            data.LastReply = reply;
        }

        return data;
    }

    private static QueueEntrySummary FromData(EntrySummaryData data) => new(
        EntryCodec.ToQueueId(data.Id),
        (EntryStatus)data.Status,
        CommonCodec.ReversePathFromData(data.ReversePath),
        data.Size,
        EntryCodec.ToTime(data.AcceptedAt),
        data.HasNextAttemptAt ? EntryCodec.ToTime(data.NextAttemptAt) : null,
        data.PendingRecipients,
        new ForwardPath(CommonCodec.FromData(data.FirstRecipient)),
        data.HasLastReply ? data.LastReply : null);

    private static RecipientDetailsData ToData(RecipientDetails recipient)
    {
        var data = new RecipientDetailsData
        {
            Resolved = CommonCodec.ToData(recipient.Path, recipient.Target),
            Status = (int)recipient.Status,
            Attempts = recipient.Attempts,
            LastReply = CommonCodec.ToData(recipient.LastReply),
        };
        if (recipient.NextAttemptAt is { } next)
        {
            data.NextAttemptAt = EntryCodec.ToData(next);
        }

        if (recipient.LastRemote is { } remote)
        {
            data.LastRemote = remote;
        }

        return data;
    }

    private static RecipientDetails FromData(RecipientDetailsData data) => new(
        new ForwardPath(CommonCodec.FromData(data.Resolved.Path)),
        CommonCodec.TargetFromData(data.Resolved),
        (RecipientStatus)data.Status,
        data.Attempts,
        data.HasNextAttemptAt ? EntryCodec.ToTime(data.NextAttemptAt) : null,
        CommonCodec.FromData(data.LastReply),
        data.HasLastRemote ? data.LastRemote : null);
}
