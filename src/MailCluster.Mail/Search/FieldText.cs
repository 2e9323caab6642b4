using System.Text;
using MailCluster.Mail.Structure;
using MimeKit.Utils;

namespace MailCluster.Mail.Search;

/// <summary>The value of a header field as people see it: encoded words decoded (RFC 2047), addresses without quotes.</summary>
internal static class FieldText
{
    public static string Of(string name, ReadOnlySpan<byte> value)
    {
        var unfolded = Unfold(value);
        var addresses = IsOfAddresses(name) ? AddressListParser.Parse(Encoding.UTF8.GetString(unfolded)) : [];
        return addresses.IsEmpty ? Rfc2047.DecodeText(unfolded).Trim() : Of(addresses);
    }

    public static string Of(string? unfolded) =>
        string.IsNullOrEmpty(unfolded) ? "" : Rfc2047.DecodeText(Encoding.UTF8.GetBytes(unfolded));

    public static string Of(IEnumerable<MessageAddress> addresses)
    {
        var text = new StringBuilder();
        foreach (var address in addresses)
        {
            if (address == MessageAddress.GroupEnd)
            {
                text.Append(';');
                continue;
            }

            text.Append(text.Length == 0 || text[^1] == ' ' ? "" : ", ");
            if (address.IsGroupStart)
            {
                text.Append(Phrase(address.Mailbox)).Append(": ");
                continue;
            }

            var spec = string.IsNullOrEmpty(address.Host) ? address.Mailbox : $"{address.Mailbox}@{address.Host}";
            var phrase = Phrase(address.Name);
            text.Append(phrase.Length == 0 ? spec : $"{phrase} <{spec}>");
        }

        return text.ToString();
    }

    private static string Phrase(string? text) =>
        string.IsNullOrEmpty(text) ? "" : Rfc2047.DecodePhrase(Encoding.UTF8.GetBytes(text));

    private static bool IsOfAddresses(string name) => name is "from" or "sender" or "reply-to" or "to" or "cc" or "bcc"
        or "resent-from" or "resent-sender" or "resent-to" or "resent-cc" or "resent-bcc" or "return-path"
        or "delivered-to";

    private static byte[] Unfold(ReadOnlySpan<byte> value)
    {
        var unfolded = new byte[value.Length];
        var length = 0;
        foreach (var octet in value)
        {
            unfolded[length] = octet;
            length += octet is (byte)'\r' or (byte)'\n' ? 0 : 1;
        }

        return unfolded[..length];
    }
}
