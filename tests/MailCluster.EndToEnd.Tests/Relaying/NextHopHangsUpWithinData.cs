using MailCluster.EndToEnd.Tests.Fakes;

namespace MailCluster.EndToEnd.Tests.Relaying;

public sealed class NextHopHangsUpWithinData
{
    private static readonly string Message =
        "Subject: long\r\n\r\n" + string.Join("\r\n", Enumerable.Range(0, 5000).Select(i => $"line {i} of many"));

    [Fact]
    public async Task The_message_is_sent_again_whole_and_nobody_is_told()
    {
        using var hop = new ScriptedNextHop { HangsUpWithinContent = 20 };
        await using var node = await LiveNode.StartAsync([.. hop.Route(), "Queue:RetryDelays:0=500ms"]);
        using var client = await LineClient.ConnectToSmtpAsync(node["smtp"]);
        await client.SendAsync("alice@hamburger.edu", ["carol@sink.example"], Message);

        var message = await hop.NextMessageAsync();
        Assert.EndsWith(Message + "\r\n", message.Text, StringComparison.Ordinal);
        await node.WaitForEmptyQueueAsync();
        Assert.Equal(2, hop.Connections);
        Assert.False(hop.HasMessage);
        Assert.Empty(await node.ReadMailAsync("alice"));
    }

    [Fact]
    public async Task Wherever_it_hangs_up_once_the_message_arrives_once()
    {
        string[] places = ["connect", "EHLO", "MAIL", "RCPT", "DATA", "."];
        var hops = places.Select(place => new ScriptedNextHop().Answer(place, ScriptedNextHop.HangUp, times: 1))
            .ToArray();
        var routes = hops.SelectMany((hop, i) => hop.Route($"sink{i}.example", number: i));
        await using var node = await LiveNode.StartAsync([.. routes, "Queue:RetryDelays:0=500ms"]);
        using var client = await LineClient.ConnectToSmtpAsync(node["smtp"]);
        for (var i = 0; i < hops.Length; i++)
        {
            await client.SendAsync("alice@hamburger.edu", [$"carol@sink{i}.example"], "Subject: x\r\n\r\nbody");
        }

        foreach (var hop in hops)
        {
            await hop.NextMessageAsync();
        }

        await node.WaitForEmptyQueueAsync();
        Assert.All(hops, hop => Assert.False(hop.HasMessage));
        Assert.All(hops, hop => Assert.Equal(2, hop.Connections));
        Assert.Empty(await node.ReadMailAsync("alice"));
        Array.ForEach(hops, hop => hop.Dispose());
    }
}
