using MailCluster.EndToEnd.Tests.Fakes;

namespace MailCluster.EndToEnd.Tests.Relaying;

/// <summary>RFC 5321 §4.5.4.1: a schedule is a promise to the other side, measured where it is made.</summary>
public sealed class RetryOnTheWallClock
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(2);

    /// <summary>Room for a busy machine, and still below the delay after the next.</summary>
    private static readonly TimeSpan Latest = TimeSpan.FromSeconds(6);

    [Fact]
    public async Task Attempts_reach_the_next_hop_two_seconds_apart_as_the_schedule_says()
    {
        using var hop = new ScriptedNextHop().Answer("RCPT", "450 4.7.1 Greylisted", times: 2);
        await using var node = await LiveNode.StartAsync([.. hop.Route(), "Queue:RetryDelays:0=2s"]);
        using var client = await LineClient.ConnectToSmtpAsync(node["smtp"]);
        await client.SendAsync("alice@hamburger.edu", ["carol@sink.example"], "Subject: x\r\n\r\nbody");
        await hop.NextMessageAsync();

        var attempts = await hop.WaitForAsync("RCPT", 3);
        Assert.Equal(3, attempts.Length);
        Assert.InRange(attempts[1].At - attempts[0].At, Delay, Latest);
        Assert.InRange(attempts[2].At - attempts[1].At, Delay, Latest);
    }
}
