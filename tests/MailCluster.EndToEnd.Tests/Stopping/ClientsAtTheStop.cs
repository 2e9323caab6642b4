using MailCluster.EndToEnd.Tests.Fakes;

namespace MailCluster.EndToEnd.Tests.Stopping;

/// <summary>Nobody can hold up the stop of a node; nobody is left without a word where there is time for one.</summary>
public sealed class ClientsAtTheStop
{
    /// <summary>A second is configured; a node that waits for its clients takes half a minute more.</summary>
    private static readonly TimeSpan Prompt = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Idle_clients_are_told_to_come_again_and_the_node_stops_at_once()
    {
        await using var node = await LiveNode.StartAsync("Node:ShutdownTimeout=20s");
        using var smtp = await LineClient.ConnectToSmtpAsync(node["smtp"]);
        using var pop3 = await LineClient.ConnectAsync(node["pop3"]);
        Assert.StartsWith("+OK", await pop3.ReadReplyAsync(), StringComparison.Ordinal);

        await node.StopAsync().WaitAsync(Prompt);

        Assert.StartsWith("421 4.3.2 ", await smtp.ReadReplyAsync(), StringComparison.Ordinal);
        Assert.Null(await smtp.ReadLineAsync());
        Assert.StartsWith("-ERR", await pop3.ReadReplyAsync(), StringComparison.Ordinal);
        Assert.Null(await pop3.ReadLineAsync());
    }

    [Fact]
    public async Task A_client_that_idles_in_a_mailbox_is_told_to_come_again()
    {
        await using var node = await LiveNode.StartAsync("Node:ShutdownTimeout=20s");
        using var imap = await LineClient.ConnectAsync(node["imap"]);
        Assert.StartsWith("* OK", await imap.ReadLineAsync(), StringComparison.Ordinal);
        foreach (var (command, answer) in ((string, string)[])
            [("a LOGIN bob@hamburger.edu pickles", "a OK"), ("b SELECT INBOX", "b OK"), ("c IDLE", "+ ")])
        {
            await imap.WriteAsync(System.Text.Encoding.ASCII.GetBytes(command + "\r\n"));
            while (await imap.ReadLineAsync().OrSay(() => answer) is { } line && !line.StartsWith(answer, StringComparison.Ordinal))
            {
            }
        }

        await node.StopAsync().WaitAsync(Prompt);

        Assert.StartsWith("* BYE [UNAVAILABLE] ", await imap.ReadLineAsync().OrSay(() => "BYE"), StringComparison.Ordinal);
        Assert.Null(await imap.ReadLineAsync());
    }

    [Fact]
    public async Task A_client_within_its_message_is_cut_when_the_time_is_up()
    {
        await using var node = await LiveNode.StartAsync("Node:ShutdownTimeout=1s");
        using var client = await LineClient.ConnectToSmtpAsync(node["smtp"]);
        await client.SayAsync("MAIL FROM:<alice@crepes.fr>");
        await client.SayAsync("RCPT TO:<bob@hamburger.edu>");
        Assert.StartsWith("354", await client.SayAsync("DATA"), StringComparison.Ordinal);
        await client.WriteAsync("Subject: never finished\r\n"u8.ToArray());

        await node.StopAsync().WaitAsync(Prompt);

        while (await client.ReadLineAsync() is { } line)
        {
            Assert.StartsWith("421", line, StringComparison.Ordinal); // anything but a 250
        }
    }
}
