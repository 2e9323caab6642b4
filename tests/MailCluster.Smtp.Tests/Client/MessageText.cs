using System.Globalization;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Envelopes;
using MailCluster.Smtp.Client;

namespace MailCluster.Smtp.Tests.Client;

/// <summary>A message in the words of a dialogue: its recipients, each with NOTIFY and ORCPT behind it, then the rest.</summary>
internal static class MessageText
{
    public static OutboundMessage Read(IEnumerable<string> words)
    {
        var message = ClientHarness.Message();
        foreach (var word in words)
        {
            message = With(message, word.Split('=', 2));
        }

        return message;
    }

    private static OutboundMessage With(OutboundMessage message, string[] word) => word switch
    {
        ["from", ""] => message with { ReversePath = ReversePath.Null },
        ["from", var from] => message with { ReversePath = new ReversePath(MailAddress.Parse(from)) },
        ["size", var size] => message with { Size = long.Parse(size, CultureInfo.InvariantCulture) },
        ["body", "8bit"] => message with { BodyType = BodyType.EightBitMime },
        ["body", "binary"] => message with { BodyType = BodyType.BinaryMime },
        ["utf8"] => message with { Utf8 = true },
        ["ret", var what] => message with { Return = Enum.Parse<DsnReturn>(what, ignoreCase: true) },
        ["envid", var id] => message with { EnvelopeId = id },
        ["notify", var when] => message.WithLast(r => r with { Notify = Enum.Parse<DsnNotify>(when, ignoreCase: true) }),
        ["orcpt", var original] => message.WithLast(r => r with { OriginalRecipient = original }),
        [var address] => message with { Recipients = message.Recipients.Add(ClientHarness.Recipient(address)) },
        _ => throw new InvalidOperationException($"a message has no {word[0]}"),
    };

    private static OutboundMessage WithLast(this OutboundMessage message, Func<OutboundRecipient, OutboundRecipient> change) =>
        message with { Recipients = message.Recipients.SetItem(message.Recipients.Length - 1, change(message.Recipients[^1])) };
}
