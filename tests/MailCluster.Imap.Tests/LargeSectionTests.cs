using System.Text;

namespace MailCluster.Imap.Tests;

/// <summary>Sections that are too large to be read at once: measured, then streamed.</summary>
public sealed class LargeSectionTests
{
    private const string Header = "Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n";

    private readonly byte[] _octets = [.. Enumerable.Range(0, 100_000).Select(i => (byte)('a' + (i % 26)))];

    [Fact]
    public void Large_part_is_decoded_whole_and_in_ranges()
    {
        var replies = Fetch(_octets, "(BINARY.SIZE[1] BINARY[1]<26.3> BINARY[1]<99999.10>)");
        Assert.Contains(
            "* 1 FETCH (BINARY.SIZE[1] 100000 BINARY[1]<26> {3}\r\nabc BINARY[1]<99999> {1}\r\nd FLAGS (\\Seen))\r\n",
            replies,
            StringComparison.Ordinal);
        Assert.Contains("BINARY[1] {100000}\r\nabc", Fetch(_octets, "BINARY.PEEK[1]"), StringComparison.Ordinal);
    }

    [Fact]
    public void Large_part_with_a_nul_is_a_literal8()
    {
        _octets[^1] = 0;
        Assert.Contains("BINARY[1] ~{100000}\r\nabc", Fetch(_octets, "BINARY.PEEK[1]"), StringComparison.Ordinal);
    }

    [Fact]
    public void Many_large_sections_of_one_message_are_each_measured()
    {
        var items = string.Join(' ', Enumerable.Repeat("BINARY.SIZE[1] BINARY.SIZE[]", 50));
        var replies = Fetch(_octets, $"({items})");
        Assert.Equal(50, replies.Split("BINARY.SIZE[1] 100000").Length - 1);
    }

    private static string Fetch(byte[] octets, string items)
    {
        var mailbox = new FakeMailbox();
        mailbox.Deliver("INBOX", Header + Convert.ToBase64String(octets, Base64FormattingOptions.InsertLineBreaks) + "\r\n");
        var host = new ScriptedHost(mailbox);
        host.Feed("a LOGIN bob@hamburger.edu secret\r\nb SELECT INBOX\r\n"u8);
        host.ForgetReplies();
        host.Feed(Encoding.ASCII.GetBytes($"c FETCH 1 {items}\r\n"));
        Assert.EndsWith("c OK Done\r\n", host.Replies, StringComparison.Ordinal);
        return host.Replies;
    }
}
