using System.Diagnostics;
using System.Text;

namespace MailCluster.Imap.Tests;

/// <summary>Mail that wants to hurt, as it is fetched and searched: MailCluster.Mail.Tests asks the reader of structures.</summary>
[Collection(nameof(HostileInputTests))]
public sealed class HostileMessageTests
{
    private const long Mebi = 1024 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly Dictionary<string, Func<string>> Bombs = new()
    {
        ["10,000 parts"] = () => Multipart("b") + Many("--b\r\nContent-Type: text/html; charset=x\r\n\r\nx\r\n", 10_000) + "--b--\r\n",
        ["500 levels"] = () => string.Concat(Enumerable.Range(0, 500).Select(i => $"{Multipart($"b{i}")}--b{i}\r\n")),
        ["500 messages in each other"] = () => Many("Subject: x\r\nContent-Type: message/rfc822\r\n\r\n", 500),
        ["boundaries that never come"] = () => Multipart("b") + Many("--c\r\n--b-\r\n-b\r\n", 100_000),
        ["10,000 addresses"] = () => $"To: {Many("\"a \\\" b\" <fred@hamburger.edu>, ", 10_000)}x:;\r\n\r\n",
        ["addresses in groups"] = () => $"From: {Many("g: a@b, ", 20_000)};\r\n\r\n",
        ["comments in comments"] = () => $"Cc: {Many("(", 100_000)}a@b{Many(")", 100_000)}\r\n\r\n",
        ["100,000 fields"] = () => Many("Subject: x\r\n", 50_000) + Many("X-Y: z\r\n", 50_000) + "\r\nbody\r\n",
        ["10 MB of one field"] = () => $"Subject: {Many("x ", 5_000_000)}\r\n\r\nbody\r\n",
        ["10 MB of one folded field"] = () => $"References: {Many("<a@b>\r\n ", 1_300_000)}\r\n\r\nbody\r\n",
        ["parameters in pieces"] = () => "Content-Type: text/plain; "
            + string.Concat(Enumerable.Range(0, 20_000).Select(i => $"name*{i}*=%41;\r\n ")) + "x=y\r\n\r\nbody\r\n",
        ["20,000 parameters"] = () => $"Content-Disposition: attachment; {Many("a=\"\\\"\"; ", 20_000)}x=y\r\n\r\nbody\r\n",
        ["encoded words in each other"] = () => $"Subject: {Many("=?utf-8?q?", 50_000)}x{Many("?=", 50_000)}\r\nFrom: {Many("=?x?b?", 20_000)}\r\n\r\n",
        ["replies to replies"] = () => $"Subject: {Many("Re: [x] Fwd[2]: ", 50_000)}x{Many(" (fwd)", 50_000)}\r\n\r\n",
        ["tags of HTML"] = () => $"Content-Type: text/html\r\n\r\n{Many("<a <!-- <b>&#", 100_000)}\r\n",
        ["one line of text"] = () => $"Content-Type: text/plain\r\n\r\n{Many("ab", 2_500_000)}",
        ["lines of nothing"] = () => Many("\n", 1_000_000),
        ["octets beyond ASCII"] = () => $"Subject: {Many("\uFFFD\u0001", 100_000)}\r\nContent-Type: a/\u00FC; \u00FC=\u00FC\r\n\r\n\0\0",
    };

    public static TheoryData<string> Names => [.. Bombs.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Message_is_fetched_and_searched_in_bounded_time_and_memory(string name)
    {
        var mailbox = new FakeMailbox();
        mailbox.Deliver("INBOX", Bombs[name]());
        var host = new ScriptedHost(mailbox);
        host.Feed("t LOGIN bob@hamburger.edu secret\r\nt SELECT INBOX\r\n"u8);
        foreach (var command in new[]
        {
            "FETCH 1 (ENVELOPE BODYSTRUCTURE BODY PREVIEW)",
            "FETCH 1 (BODY.PEEK[HEADER.FIELDS (Subject)] BODY.PEEK[HEADER.FIELDS.NOT (Subject To From)]<0.9>)",
            "FETCH 1 (BODY.PEEK[1.1.MIME] BODY.PEEK[1.2.HEADER] BODY.PEEK[9999.TEXT])",
            "SEARCH OR SENTSINCE 1-Jan-2000 OR TEXT zzz SUBJECT zzz",
        })
        {
            host.ForgetReplies();
            var before = GC.GetAllocatedBytesForCurrentThread();
            var watch = Stopwatch.StartNew();
            host.Feed(Encoding.ASCII.GetBytes($"t {command}\r\n"));
            Assert.True(watch.Elapsed < Patience, $"{command} took {watch.Elapsed}");
            var allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / Mebi;
            Assert.True(allocated < 600, $"{command} allocated {allocated} MiB");
            Assert.EndsWith("t OK Done\r\n", host.Replies, StringComparison.Ordinal);
            Assert.InRange(host.Replies.Length, 1, 8 * Mebi);
        }
    }

    private static string Multipart(string boundary) => $"Content-Type: multipart/mixed; boundary={boundary}\r\n\r\n";

    private static string Many(string text, int count) => new StringBuilder(text.Length * count).Insert(0, text, count).ToString();
}
