using System.Text;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Commands;

/// <summary>
/// Entries of the server itself. Those that all users would share are not for a user to set (RFC 5464 §3.3 leaves that to
/// the server); private ones are.
/// </summary>
internal static class ServerEntries
{
    private static readonly EntryName AdminName = EntryName.OfStored("/shared/admin");

    /// <summary>RFC 5464 §3.2.1.1: an URI. Every domain has a postmaster (RFC 2142).</summary>
    public static Annotation Admin(LoginAccount login)
    {
        var domain = login.Address[(login.Address.LastIndexOf('@') + 1)..];
        return new Annotation(
            default, AdminName, Encoding.ASCII.GetBytes($"mailto:postmaster@{Uri.EscapeDataString(domain)}"));
    }
}
