using MailCluster.Mail.Addresses;
using MailCluster.Mail.Envelopes;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Replies;

namespace MailCluster.Actors.Serialization;

/// <summary>Addresses, replies and targets between our types and protobuf's.</summary>
internal static class CommonCodec
{
    public static Proto.Address ToData(MailAddress address) => new()
    {
        LocalPart = address.LocalPart,
        Domain = address.Domain.Text,
    };

    public static MailAddress FromData(Proto.Address data) => new(data.LocalPart, DomainName.Parse(data.Domain));

    public static Proto.Address? ToData(ReversePath path) => path.Address is { } address ? ToData(address) : null;

    public static ReversePath ReversePathFromData(Proto.Address? data) =>
        data is null ? ReversePath.Null : new ReversePath(FromData(data));

    public static Proto.Reply? ToData(Reply? reply)
    {
        if (reply is null)
        {
            return null;
        }

        var data = new Proto.Reply { Code = reply.Code.Value };
        if (reply.Status is { } status)
        {
            data.StatusClass = status.Class;
            data.StatusSubject = status.Subject;
            data.StatusDetail = status.Detail;
        }

        data.Lines.AddRange(reply.Lines);
        return data;
    }

    public static Reply? FromData(Proto.Reply? data) => data is null ? null : new Reply(
        new ReplyCode(data.Code),
        data.StatusClass == 0 ? null : new EnhancedStatusCode(data.StatusClass, data.StatusSubject, data.StatusDetail),
        [.. data.Lines]);

    public static Proto.ResolvedRecipient ToData(ForwardPath path, DeliveryTarget target)
    {
        var data = new Proto.ResolvedRecipient { Path = ToData(path.Address) };
        switch (target)
        {
            case DeliveryTarget.Mailbox mailbox:
                data.Mailbox = new Proto.MailboxTarget { Account = mailbox.Account.Value, Detail = mailbox.Detail };
                break;
            case DeliveryTarget.Remote remote:
                data.RemoteDomain = remote.Domain.Text;
                break;
        }

        return data;
    }

    public static DeliveryTarget TargetFromData(Proto.ResolvedRecipient data) =>
        data.TargetCase == Proto.ResolvedRecipient.TargetOneofCase.Mailbox
            ? new DeliveryTarget.Mailbox(new AccountId(data.Mailbox.Account), data.Mailbox.Detail)
            : new DeliveryTarget.Remote(DomainName.Parse(data.RemoteDomain));
}
