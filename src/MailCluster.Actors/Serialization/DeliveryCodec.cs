using MailCluster.Actors.Delivery;
using MailCluster.Actors.Mailboxes;
using MailCluster.Actors.Serialization.Proto;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Envelopes;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;
using MailCluster.Queue;

namespace MailCluster.Actors.Serialization;

/// <summary>What partitions, destinations and mailboxes say to each other, between our types and protobuf's.</summary>
internal static class DeliveryCodec
{
    public static AttemptDeliveryData ToData(AttemptDelivery attempt)
    {
        var data = new AttemptDeliveryData
        {
            Id = EntryCodec.ToData(attempt.QueueId),
            Attempt = attempt.Attempt,
            ReversePath = CommonCodec.ToData(attempt.ReversePath),
            BodyType = (int)attempt.BodyType,
            Utf8 = attempt.Utf8,
            Return = (int)attempt.Return,
            Size = attempt.Size,
        };
        switch (attempt.NextHop)
        {
            case NextHop.Mx mx:
                data.Mx = mx.Domain.Text;
                break;
            case NextHop.Host host:
                data.Host = new HostData { Name = host.Name, Port = host.Port };
                break;
        }

        if (attempt.EnvelopeId is { } envelopeId)
        {
            data.EnvelopeId = envelopeId;
        }

        foreach (var recipient in attempt.Recipients)
        {
            data.Recipients.Add(ToData(recipient));
        }

        return data;
    }

    public static AttemptDelivery FromData(AttemptDeliveryData data) => new(
        data.NextHopCase == AttemptDeliveryData.NextHopOneofCase.Host
            ? new NextHop.Host(data.Host.Name, data.Host.Port)
            : new NextHop.Mx(DomainName.Parse(data.Mx)),
        EntryCodec.ToQueueId(data.Id),
        data.Attempt,
        CommonCodec.ReversePathFromData(data.ReversePath),
        (BodyType)data.BodyType,
        data.Utf8,
        (DsnReturn)data.Return,
        data.HasEnvelopeId ? data.EnvelopeId : null,
        data.Size,
        [.. data.Recipients.Select(FromData)]);

    public static DeliveryAttemptedData ToData(DeliveryAttempted attempted)
    {
        var data = new DeliveryAttemptedData { Id = EntryCodec.ToData(attempted.QueueId), Attempt = attempted.Attempt };
        foreach (var outcome in attempted.Outcomes)
        {
            var item = new Outcome
            {
                Recipient = outcome.Recipient,
                Kind = (int)outcome.Kind,
                Reply = CommonCodec.ToData(outcome.Reply),
            };
            if (outcome.Remote is { } remote)
            {
                item.Remote = remote;
            }

            data.Outcomes.Add(item);
        }

        return data;
    }

    public static DeliveryAttempted FromData(DeliveryAttemptedData data) => new(
        EntryCodec.ToQueueId(data.Id),
        data.Attempt,
        [.. data.Outcomes.Select(outcome => new RecipientOutcome(
            outcome.Recipient,
            (OutcomeKind)outcome.Kind,
            CommonCodec.FromData(outcome.Reply)!,
            outcome.HasRemote ? outcome.Remote : null))]);

    public static StoreCopyData ToData(StoreCopy copy) => new()
    {
        Account = copy.Account.Value,
        Id = EntryCodec.ToData(copy.QueueId),
        Attempt = copy.Attempt,
        Recipient = copy.Recipient,
        ReversePath = CommonCodec.ToData(copy.ReversePath),
        Path = CommonCodec.ToData(copy.Path.Address),
        BodySize = copy.BodySize,
        ReceivedAt = EntryCodec.ToData(copy.ReceivedAt),
    };

    public static StoreCopy FromData(StoreCopyData data) => new(
        new AccountId(data.Account),
        EntryCodec.ToQueueId(data.Id),
        data.Attempt,
        data.Recipient,
        CommonCodec.ReversePathFromData(data.ReversePath),
        new ForwardPath(CommonCodec.FromData(data.Path)),
        data.BodySize,
        EntryCodec.ToTime(data.ReceivedAt));

    public static CopyStoredData ToData(CopyStored stored) => new()
    {
        Id = EntryCodec.ToData(stored.QueueId),
        Attempt = stored.Attempt,
        Recipient = stored.Recipient,
        Outcome = (int)stored.Outcome,
    };

    public static CopyStored FromData(CopyStoredData data) =>
        new(EntryCodec.ToQueueId(data.Id), data.Attempt, data.Recipient, (CopyOutcome)data.Outcome);

    public static ExpungeMessagesData ToData(ExpungeMessages expunge)
    {
        var data = new ExpungeMessagesData { Account = expunge.Account.Value };
        data.Uids.AddRange(expunge.Uids.Select(uid => uid.Value));
        return data;
    }

    public static ExpungeMessages FromData(ExpungeMessagesData data) =>
        new(new AccountId(data.Account), [.. data.Uids.Select(uid => new Uid(uid))]);

    private static RecipientToTryData ToData(RecipientToTry recipient)
    {
        var data = new RecipientToTryData
        {
            Index = recipient.Index,
            Path = CommonCodec.ToData(recipient.Path.Address),
            Notify = (int)recipient.Notify,
        };
        if (recipient.OriginalRecipient is { } original)
        {
            data.OriginalRecipient = original;
        }

        return data;
    }

    private static RecipientToTry FromData(RecipientToTryData data) => new(
        data.Index,
        new ForwardPath(CommonCodec.FromData(data.Path)),
        (DsnNotify)data.Notify,
        data.HasOriginalRecipient ? data.OriginalRecipient : null);
}
