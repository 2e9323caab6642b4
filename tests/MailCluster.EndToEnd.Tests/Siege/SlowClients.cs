using System.Diagnostics;
using MailCluster.EndToEnd.Tests.Fakes;

namespace MailCluster.EndToEnd.Tests.Siege;

/// <summary>
/// Clients that send an octet now and then to hold a connection for ever. Alone, so that the memory it looks at is its
/// own.
/// </summary>
[Collection(nameof(SlowClients))]
[CollectionDefinition(nameof(SlowClients), DisableParallelization = true)]
public sealed class SlowClients
{
    private const int Clients = 200;
    private const long MaxGrowth = 64 << 20;

    /// <summary>An octet comes four times within the time-out: what is not a whole line is no progress.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    [Fact]
    public async Task Two_hundred_of_them_are_all_sent_away_with_421_while_others_are_served()
    {
        await using var node = await LiveNode.StartAsync("Smtp:CommandTimeout=2s", "Smtp:DataTimeout=2s");
        await SendMessageAsync(node, "Subject: before\r\n\r\nbody"); // warms up what a first message does
        var before = Memory();
        var slow = new List<LineClient>();
        for (var i = 0; i < Clients; i++)
        {
            slow.Add(i % 2 == 0 ? await WithinACommandAsync(node) : await WithinContentAsync(node));
        }

        var siege = slow.Select(DripAsync).ToArray();
        await SendMessageAsync(node, "Subject: meanwhile\r\n\r\nbody");
        var growth = Memory() - before;
        var last = await Task.WhenAll(siege)
            .OrSay(() => $"the end of {siege.Count(one => !one.IsCompleted)} slow clients");

        Assert.All(last, line => Assert.StartsWith("421 4.4.2 ", line, StringComparison.Ordinal));
        Assert.InRange(growth, long.MinValue, MaxGrowth);
        await SendMessageAsync(node, "Subject: after\r\n\r\nbody");
        await node.WaitForMailAsync("bob", 3);
        slow.ForEach(client => client.Dispose());
    }

    private static async Task<LineClient> WithinACommandAsync(LiveNode node) =>
        await LineClient.ConnectToSmtpAsync(node["smtp"]);

    private static async Task<LineClient> WithinContentAsync(LiveNode node)
    {
        var client = await LineClient.ConnectToSmtpAsync(node["smtp"]);
        await client.SayAsync("MAIL FROM:<mallory@crepes.fr>");
        await client.SayAsync("RCPT TO:<bob@hamburger.edu>");
        Assert.StartsWith("354", await client.SayAsync("DATA"), StringComparison.Ordinal);
        return client;
    }

    /// <summary>Sends octets until the server has had enough; what it said last.</summary>
    private static async Task<string> DripAsync(LineClient client)
    {
        var reply = client.ReadLineAsync();
        using var pace = new PeriodicTimer(Interval);
        while (!reply.IsCompleted)
        {
            try
            {
                await client.WriteAsync("x"u8.ToArray());
            }
            catch (IOException)
            {
                break; // closed meanwhile
            }

            await pace.WaitForNextTickAsync();
        }

        return await reply ?? "nothing";
    }

    private static async Task SendMessageAsync(LiveNode node, string message)
    {
        using var client = await LineClient.ConnectToSmtpAsync(node["smtp"]);
        await client.SendAsync("alice@crepes.fr", ["bob@hamburger.edu"], message);
        Assert.StartsWith("221 ", await client.SayAsync("QUIT"), StringComparison.Ordinal);
    }

    private static long Memory()
    {
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
