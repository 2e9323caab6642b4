using System.Text;
using MailCluster.EndToEnd.Tests.Fakes;
using MailCluster.Node.Tests.Fakes;

namespace MailCluster.EndToEnd.Tests.Relaying;

public sealed class SmartHostWithLogin : IDisposable
{
    private const string Password = "söme secret";

    private static readonly string Login = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0shop\0{Password}"));

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task All_mail_goes_to_the_smart_host_after_a_login()
    {
        using var hop = new ScriptedNextHop { Keywords = ["PIPELINING", "8BITMIME", "AUTH PLAIN"] }
            .Answer($"AUTH PLAIN {Login}", "235 2.7.0 Welcome")
            .Answer("AUTH", "535 5.7.8 Who are you?");
        await using var node = await LiveNode.StartAsync(SmartHost(hop, "none"));
        using var client = await LineClient.ConnectToSmtpAsync(node["smtp"]);
        await client.SendAsync("alice@hamburger.edu", ["carol@one.example"], "Subject: 1\r\n\r\nbody");
        await client.SendAsync("alice@hamburger.edu", ["dave@two.example"], "Subject: 2\r\n\r\nbody");

        HopMessage[] messages = [await hop.NextMessageAsync(), await hop.NextMessageAsync()];
        Assert.Equal(
            ["RCPT TO:<carol@one.example>", "RCPT TO:<dave@two.example>"],
            messages.SelectMany(message => message.Recipients).Order());
        await node.WaitForEmptyQueueAsync();
    }

    [Fact]
    public async Task A_login_that_is_refused_keeps_the_mail_and_shows_no_password()
    {
        using var hop = new ScriptedNextHop { Keywords = ["AUTH PLAIN"] }
            .Answer("AUTH", "535 5.7.8 Who are you?", times: 1)
            .Answer("AUTH", "235 2.7.0 Welcome");
        await using var node = await LiveNode.StartAsync([.. SmartHost(hop, "none"), "Queue:RetryDelays:0=2s"]);
        using var client = await LineClient.ConnectToSmtpAsync(node["smtp"]);
        await client.SendAsync("alice@hamburger.edu", ["carol@one.example"], "Subject: 1\r\n\r\nbody");

        var entry = await node.WaitForEntryAsync("deferred"); // an operator's mistake is no fault of the sender
        Assert.Contains("535", entry.LastReply, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, entry.LastReply, StringComparison.Ordinal);
        await hop.NextMessageAsync();
        Assert.Empty(await node.ReadMailAsync("alice"));
    }

    [Fact]
    public async Task Without_tls_the_password_is_not_said_unless_the_operator_said_so()
    {
        using var hop = new ScriptedNextHop { Keywords = ["AUTH PLAIN"] };
        await using var node = await LiveNode.StartAsync(SmartHost(hop, "opportunistic"));
        using var client = await LineClient.ConnectToSmtpAsync(node["smtp"]);
        await client.SendAsync("alice@hamburger.edu", ["carol@one.example"], "Subject: 1\r\n\r\nbody");

        await node.WaitForEntryAsync("deferred");
        Assert.DoesNotContain(hop.Heard, line => line.Text.StartsWith("AUTH", StringComparison.Ordinal));
        Assert.DoesNotContain(hop.Heard, line => line.Text.StartsWith("MAIL", StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Dispose();

    private string[] SmartHost(ScriptedNextHop hop, string tls) =>
    [
        "Relay:SmartHost:Host=127.0.0.1", $"Relay:SmartHost:Port={hop.Port}", $"Relay:SmartHost:Tls={tls}",
        "Relay:SmartHost:UserName=shop", $"Relay:SmartHost:PasswordFile={_folder.Write("password", Password + "\n")}",
        "Smtp:RelayNetworks:0=127.0.0.0/8",
    ];
}
