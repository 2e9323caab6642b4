using System.Text;
using MailCluster.EndToEnd.Tests.Fakes;
using MimeKit;

namespace MailCluster.EndToEnd.Tests.Relaying;

/// <summary>RFC 6152 §3: a message of eight bits is converted, or comes back.</summary>
public sealed class NextHopWithoutEightBitMime
{
    private const string Text = "Grüße aus der Küche, 100 € für die Käseplatte";

    private const string Message =
        "Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
        + "Content-Transfer-Encoding: 8bit\r\n\r\n" + Text;

    [Fact]
    public async Task The_message_is_converted_and_says_the_same()
    {
        using var hop = new ScriptedNextHop { Keywords = ["PIPELINING"] };
        await using var node = await LiveNode.StartAsync(hop.Route());
        using var client = await LineClient.ConnectToSmtpAsync(node["smtp"]);
        await client.SendAsync("alice@hamburger.edu", ["carol@sink.example"], Message, " BODY=8BITMIME");

        var message = await hop.NextMessageAsync();
        Assert.True(Ascii.IsValid(message.Content));
        Assert.Equal("MAIL FROM:<alice@hamburger.edu>", message.Mail);
        using var stream = new MemoryStream(message.Content);
        var parsed = await MimeMessage.LoadAsync(stream);
        Assert.Equal(Text, parsed.TextBody?.TrimEnd());
    }

    [Fact]
    public async Task A_next_hop_with_it_gets_the_octets_as_they_came()
    {
        using var hop = new ScriptedNextHop();
        await using var node = await LiveNode.StartAsync(hop.Route());
        using var client = await LineClient.ConnectToSmtpAsync(node["smtp"]);
        await client.SendAsync("alice@hamburger.edu", ["carol@sink.example"], Message, " BODY=8BITMIME");

        var message = await hop.NextMessageAsync();
        Assert.Contains("BODY=8BITMIME", message.Mail, StringComparison.Ordinal);
        Assert.EndsWith(Message + "\r\n", Encoding.UTF8.GetString(message.Content), StringComparison.Ordinal);
    }
}
