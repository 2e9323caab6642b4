using MailKit.Security;

namespace MailCluster.Node.Migration.Imap;

/// <summary>Where the other server is, and who asks.</summary>
internal sealed record ImapAccess(string Host, int Port, SecureSocketOptions Tls, string User, string Password)
{
    /// <summary>For one answer of the server; large folders take their time.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);

    public override string ToString() => nameof(ImapAccess); // no password in a log
}
