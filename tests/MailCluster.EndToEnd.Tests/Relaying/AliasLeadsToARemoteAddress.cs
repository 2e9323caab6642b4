using MailCluster.EndToEnd.Tests.Fakes;
using MailCluster.Mail.Addresses;
using MailCluster.Node.FirstStart;
using MailCluster.Storage.Directory;

namespace MailCluster.EndToEnd.Tests.Relaying;

public sealed class AliasLeadsToARemoteAddress
{
    [Fact]
    public async Task Mail_from_a_stranger_goes_on_to_the_alias_target_and_to_the_local_one()
    {
        using var hop = new ScriptedNextHop();
        await using var node = await LiveNode.StartAsync([.. hop.Route(), "Smtp:RelayNetworks:0=192.0.2.0/24"]);
        await node.Directory.AddAliasAsync(
            new AliasSource("friends", ExampleDomain.Name),
            [MailAddress.Parse("carol@sink.example"), MailAddress.Parse("bob@hamburger.edu")],
            CancellationToken.None);
        using var client = await LineClient.ConnectToSmtpAsync(node["smtp"]);
        await client.SendAsync("dave@crepes.fr", ["friends@hamburger.edu"], "Subject: to both\r\n\r\nbody");

        var message = await hop.NextMessageAsync();
        Assert.StartsWith("MAIL FROM:<dave@crepes.fr>", message.Mail, StringComparison.Ordinal);
        Assert.Equal(["RCPT TO:<carol@sink.example>"], message.Recipients);
        var own = Assert.Single(await node.WaitForMailAsync("bob", 1));
        Assert.Equal("to both", own.Subject);
        Assert.Equal("<dave@crepes.fr>", own.Headers["Return-Path"]);
    }

    [Fact]
    public async Task The_alias_makes_no_open_relay()
    {
        using var hop = new ScriptedNextHop();
        await using var node = await LiveNode.StartAsync([.. hop.Route(), "Smtp:RelayNetworks:0=192.0.2.0/24"]);
        await node.Directory.AddAliasAsync(
            new AliasSource("friend", ExampleDomain.Name),
            [MailAddress.Parse("carol@sink.example")],
            CancellationToken.None);
        using var client = await LineClient.ConnectToSmtpAsync(node["smtp"]);

        await client.SayAsync("MAIL FROM:<dave@crepes.fr>");
        var direct = await client.SayAsync("RCPT TO:<carol@sink.example>");
        Assert.StartsWith("554 5.7.1 ", direct, StringComparison.Ordinal);
        var byAlias = await client.SayAsync("RCPT TO:<friend@hamburger.edu>");
        Assert.StartsWith("250 ", byAlias, StringComparison.Ordinal);
    }
}
