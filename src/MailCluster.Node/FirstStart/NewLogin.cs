using MailCluster.Mail.Addresses;

namespace MailCluster.Node.FirstStart;

/// <summary>An account that was just made, and its password, which nobody will see again.</summary>
internal sealed record NewLogin(MailAddress Address, string Password)
{
    public override string ToString() => Address.ToString(); // no password in a log
}
