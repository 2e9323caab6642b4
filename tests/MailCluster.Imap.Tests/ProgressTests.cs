using System.Text;

namespace MailCluster.Imap.Tests;

public sealed class ProgressTests
{
    [Theory]
    [InlineData("SORT (DATE) UTF-8 ALL", 600, "* OK [INPROGRESS (\"c\" 250 600)] Still at work|* OK [INPROGRESS (\"c\" 500 600)] Still at work")]
    [InlineData("THREAD REFERENCES UTF-8 UID 101:600", 600, "* OK [INPROGRESS (\"c\" 350 600)] Still at work")]
    [InlineData("SEARCH SENTSINCE 1-Jan-2000 SENTBEFORE 1-Jan-2030", 300, "* OK [INPROGRESS (\"c\" 250 600)] Still at work|* OK [INPROGRESS (\"c\" 300 600)] Still at work|* OK [INPROGRESS (\"c\" 550 600)] Still at work")]
    [InlineData("SORT (DATE) UTF-8 ALL", 250, "")]
    public void A_long_command_tells_how_far_it_is(string command, int messages, string expected)
    {
        var host = Host(messages, new SlowClock(TimeSpan.FromSeconds(11)));
        var told = Run(host, command).Where(line => line.Contains("INPROGRESS", StringComparison.Ordinal));
        Assert.Equal(expected, string.Join('|', told));
    }

    [Fact]
    public void A_quick_command_tells_nothing()
    {
        var host = Host(600, new SlowClock(TimeSpan.FromSeconds(1)));
        Assert.DoesNotContain(Run(host, "SORT (DATE) UTF-8 ALL"), line => line.Contains("INPROGRESS", StringComparison.Ordinal));
    }

    private static ScriptedHost Host(int messages, TimeProvider time)
    {
        var mailbox = new FakeMailbox();
        for (var i = 0; i < messages; i++)
        {
            mailbox.Deliver("INBOX", $"Subject: {i}\r\nDate: Mon, 23 Nov 2026 11:00:00 +0000\r\n\r\n");
        }

        var host = new ScriptedHost(mailbox, time: time);
        host.Feed("a LOGIN bob@hamburger.edu secret\r\nb SELECT INBOX\r\n"u8);
        return host;
    }

    private static string[] Run(ScriptedHost host, string command)
    {
        host.ForgetReplies();
        host.Feed(Encoding.ASCII.GetBytes($"c {command}\r\n"));
        var lines = host.Replies.Split("\r\n");
        Assert.Equal("c OK Done", lines[^2]);
        return lines;
    }

    /// <summary>Goes on by as much with each look at it.</summary>
    private sealed class SlowClock(TimeSpan step) : TimeProvider
    {
        private long _looks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => FakeMailbox.Now;

        public override long GetTimestamp() => ++_looks * step.Ticks;
    }
}
