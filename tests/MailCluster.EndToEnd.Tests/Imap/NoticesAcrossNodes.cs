using System.Diagnostics;
using System.Globalization;
using MailCluster.EndToEnd.Tests.Fakes;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Sasl;
using Xunit.Abstractions;

namespace MailCluster.EndToEnd.Tests.Imap;

/// <summary>A change made at one node reaches a client that idles at another at once.</summary>
public sealed class NoticesAcrossNodes(ITestOutputHelper output)
{
    private const int Rounds = 10;

    private static readonly TimeSpan Aim = TimeSpan.FromMilliseconds(200);

    [SkippableFact]
    public async Task A_change_at_one_node_reaches_an_idle_client_of_another_within_200_ms()
    {
        LiveCluster.SkipWithoutPostgres();
        await using var cluster = await LiveCluster.StartAsync(async (storage, _) =>
        {
            var domain = DomainName.Parse("hamburger.edu");
            await storage.Administration.AddDomainAsync(domain, CancellationToken.None);
            await storage.Administration.AddAccountAsync(
                new MailAddress("bob", domain), ScramVerifier.Create("secret"), null, CancellationToken.None);
        });
        using var changing = await ImapClientOverTcp.SelectAsync(cluster!.Nodes[0]["imap"], "bob@hamburger.edu", "secret");
        using var idling = await ImapClientOverTcp.SelectAsync(cluster.Nodes[1]["imap"], "bob@hamburger.edu", "secret");
        using var alsoIdling = await ImapClientOverTcp.SelectAsync(cluster.Nodes[2]["imap"], "bob@hamburger.edu", "secret");
        await idling.IdleAsync();
        await alsoIdling.IdleAsync();

        var late = new List<TimeSpan>();
        for (var uid = 1; uid <= Rounds; uid++)
        {
            var message = $"Subject: {uid.ToString(CultureInfo.InvariantCulture)}\r\n\r\nHello.\r\n";
            late.AddRange(await MeasureAsync($"APPEND INBOX {{{message.Length}+}}\r\n{message}", "* 1 EXISTS"));
            late.AddRange(await MeasureAsync(@"STORE 1 +FLAGS (\Flagged)", @"* 1 FETCH (FLAGS (\Flagged))"));
            late.AddRange(await MeasureAsync(@"STORE 1 FLAGS (\Deleted)", @"* 1 FETCH (FLAGS (\Deleted))"));
            late.AddRange(await MeasureAsync("EXPUNGE", "* 1 EXPUNGE"));
        }

        late.Sort();
        output.WriteLine(
            $"{late.Count} notices: median {late[late.Count / 2].TotalMilliseconds:0.0} ms, "
            + $"p95 {late[late.Count * 95 / 100].TotalMilliseconds:0.0} ms, last {late[^1].TotalMilliseconds:0.0} ms");
        Assert.InRange(late[late.Count / 2], TimeSpan.Zero, Aim);

        // From the client's command, not from its answer, to the line at each of the others.
        async Task<TimeSpan[]> MeasureAsync(string command, string notice)
        {
            var since = Stopwatch.GetTimestamp();
            var notices = Task.WhenAll(HearAsync(idling, notice, since), HearAsync(alsoIdling, notice, since));
            await changing.SayAsync(command);
            return await notices;
        }
    }

    private static async Task<TimeSpan> HearAsync(ImapClientOverTcp client, string notice, long since)
    {
        Assert.Equal(notice, await client.ReadLineAsync(notice));
        return Stopwatch.GetElapsedTime(since);
    }
}
