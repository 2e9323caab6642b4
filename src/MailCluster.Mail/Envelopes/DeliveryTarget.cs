using MailCluster.Mail.Addresses;
using MailCluster.Mail.Identity;

namespace MailCluster.Mail.Envelopes;

/// <summary>Where one recipient's copy goes: a mailbox of ours, or the mail servers of another domain.</summary>
public abstract record DeliveryTarget
{
    private DeliveryTarget()
    {
    }

    /// <summary>An account of ours; <paramref name="Detail"/> is what stood behind the plus sign, or empty.</summary>
    public sealed record Mailbox(AccountId Account, string Detail) : DeliveryTarget;

    /// <summary>The domain, or address literal, whose mail exchangers take the message.</summary>
    public sealed record Remote(DomainName Domain) : DeliveryTarget;
}
