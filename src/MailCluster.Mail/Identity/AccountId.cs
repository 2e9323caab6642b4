using System.Globalization;

namespace MailCluster.Mail.Identity;

/// <summary>Names one account of ours for ever: the user's addresses and password may change, this does not.</summary>
public readonly record struct AccountId(long Value)
{
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
