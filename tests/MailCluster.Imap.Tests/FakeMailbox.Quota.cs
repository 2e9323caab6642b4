using System.Globalization;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Tests;

/// <summary>What the account may keep.</summary>
internal sealed partial class FakeMailbox
{
    private long? _maxBytes;
    private long? _maxMessages;

    public QuotaUsage Quota => new(
        _folders.SelectMany(folder => folder.Messages.Values).Sum(message => message.Size),
        _maxBytes,
        _folders.Sum(folder => folder.Messages.Count),
        _maxMessages);

    /// <summary>Octets and messages, "-" for no limit.</summary>
    public void Limit(string[] limits)
    {
        (_maxBytes, _maxMessages) = (Of(limits[0]), Of(limits[1]));

        static long? Of(string text) => text == "-" ? null : long.Parse(text, CultureInfo.InvariantCulture);
    }

    private bool Fits(long bytes, long messages) =>
        (_maxBytes is not { } most || Quota.Bytes + bytes <= most)
        && (_maxMessages is not { } many || Quota.Messages + messages <= many);
}
