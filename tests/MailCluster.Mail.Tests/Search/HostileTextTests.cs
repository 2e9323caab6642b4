using System.Diagnostics;
using System.Text;
using MailCluster.Mail.Search;
using MailCluster.Mail.Tests.Structure;

namespace MailCluster.Mail.Tests.Search;

/// <summary>Mail that wants to hurt: time and memory are asserted with room for a busy machine.</summary>
public sealed class HostileTextTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private const long MuchMemory = 128 * 1024 * 1024;

    [Theory]
    [InlineData("Content-Type: multipart/mixed; boundary=b\r\n\r\n", "--b\r\n\r\ntext\r\n", 10_000)]
    [InlineData("", "Content-Type: message/rfc822\r\n\r\n", 500)]
    [InlineData("\r\n", "fifty megabytes of plain text in many lines\r\n", 1_200_000)]
    [InlineData("Content-Type: text/html\r\n\r\n", "<div><b ", 6_000_000)]
    [InlineData("Content-Type: text/html\r\n\r\n", "<!--<script>&amp", 3_000_000)]
    [InlineData("Content-Type: text/html\r\n\r\n", "<", 3_000_000)]
    [InlineData("Content-Type: text/html\r\n\r\n", "&", 3_000_000)]
    [InlineData("Subject: ", "=?utf-8?q?a?= ", 1_000_000)]
    [InlineData("Subject: ", "=?", 2_000_000)]
    [InlineData("To: ", "=?utf-8?q?a?= <a@b>, (((", 500_000)]
    [InlineData("", "Subject: x\r\n", 1_000_000)]
    public async Task Worst_mail_costs_little_time_and_memory(string prefix, string repeated, int count)
    {
        using var stream = new RepeatingStream(Encoding.ASCII.GetBytes(repeated), count, prefix: prefix);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var watch = Stopwatch.StartNew();
        var text = await SearchableText.ReadAsync(stream);
        Assert.True(watch.Elapsed < Patience, $"took {watch.Elapsed}");
        var held = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.True(held < MuchMemory, $"holds {held} octets");
        Assert.InRange(text.Body.Length, 0, 2 * SearchLimits.Default.MaxTextOctets);
        Assert.InRange(text.Header.Length, 0, 2 * SearchLimits.Default.MaxHeaderOctets);
    }

    [Fact]
    public async Task Many_field_names_cost_little()
    {
        var header = string.Concat(Enumerable.Range(0, 100_000).Select(i => $"X-{i}: y\r\n"));
        using var stream = new MemoryStream(Encoding.ASCII.GetBytes(header));
        var watch = Stopwatch.StartNew();
        var text = await SearchableText.ReadAsync(stream);
        Assert.True(watch.Elapsed < Patience, $"took {watch.Elapsed}");
        Assert.True(TextCriterion.InField("x-17", "Y").Matches(text));
    }
}
