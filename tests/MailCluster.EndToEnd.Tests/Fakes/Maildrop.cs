using MailCluster.Smtp.Tests.Server;
using MailKit.Net.Pop3;
using MailKit.Security;
using MimeKit;

namespace MailCluster.EndToEnd.Tests.Fakes;

/// <summary>What a user finds in the mailbox, by POP3 and with a real client of it.</summary>
internal static class Maildrop
{
    /// <summary>All messages, as soon as there are so many; more than that are an error.</summary>
    public static async Task<List<MimeMessage>> WaitForMailAsync(this LiveNode node, string user, int count)
    {
        var messages = await Patience.WaitForAsync(
            $"{count} messages for {user}", () => node.ReadMailAsync(user), messages => messages.Count >= count);
        Assert.Equal(count, messages.Count);
        return messages;
    }

    public static async Task<List<MimeMessage>> ReadMailAsync(this LiveNode node, string user)
    {
        using var pop3 = new Pop3Client();
        await pop3.ConnectAsync("127.0.0.1", node["pop3"].Port, SecureSocketOptions.None);
        pop3.AuthenticationMechanisms.Clear(); // USER and PASS: the quickest
        await pop3.AuthenticateAsync($"{user}@hamburger.edu", DialogText.Passwords[user]);
        var messages = new List<MimeMessage>();
        for (var i = 0; i < pop3.Count; i++)
        {
            messages.Add(await pop3.GetMessageAsync(i));
        }

        await pop3.DisconnectAsync(quit: true);
        return messages;
    }

    /// <summary>The machine's part of a notice, RFC 3464: fields of the message, then those of each recipient.</summary>
    public static HeaderListCollection ReportOf(MimeMessage notice)
    {
        var report = Assert.IsType<MultipartReport>(notice.Body);
        return Assert.Single(report.OfType<MessageDeliveryStatus>()).StatusGroups;
    }
}
