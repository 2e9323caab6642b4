using MailCluster.Imap.Commands;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Sessions;

/// <summary>Where IMAP4rev2 is another language than IMAP4rev1 (RFC 9051, appendix E).</summary>
public sealed partial class ImapSession
{
    /// <summary>Both are offered, so a client speaks IMAP4rev1 until it enables the other (RFC 9051 §6.1.1).</summary>
    internal bool IsRev2 => Enabled.HasFlag(Extensions.Imap4Rev2);

    /// <summary>Headers of messages that come may hold UTF-8 (RFC 6855 §4, RFC 9051 §5.1).</summary>
    internal bool TakesUtf8Headers => IsRev2 || Enabled.HasFlag(Extensions.Utf8Accept);

    /// <summary>For good, since nothing that is enabled can be disabled.</summary>
    internal void Enable(Extensions extensions)
    {
        Enabled |= extensions;
        Out.Utf8 = TakesUtf8Headers;
        Out.JoinsParameters = IsRev2;
    }

    /// <param name="childInfo">What folders below it match that are not listed themselves (RFC 9051 §6.3.9.6).</param>
    /// <param name="oldName">What it was called before (RFC 9051 §6.3.9.7).</param>
    internal void TellListed(
        FolderView view, FolderName name, ListOptions options, string? childInfo = null, FolderName? oldName = null)
    {
        Out.Text("* LIST (").Text(view.Attributes(name, options)).Text(") \"/\" ").Mailbox(name);
        if (childInfo is not null)
        {
            Out.Text(" (\"CHILDINFO\" (").Text(childInfo).Text("))");
        }

        if (oldName is { } old)
        {
            Out.Text(" (\"OLDNAME\" (").Mailbox(old).Text("))");
        }

        Out.Line();
    }
}
