using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace MailCluster.Imap.Tests;

/// <summary>What measures the memory of the process runs alone.</summary>
[CollectionDefinition(nameof(HostileInputTests), DisableParallelization = true)]
public sealed class HostileInputRunsAlone;

/// <summary>Clients that want to hurt. Time is bounded with room for a busy machine, memory by what is allocated or kept.</summary>
[Collection(nameof(HostileInputTests))]
public sealed class HostileInputTests
{
    private const int Kibi = 1024;

    private const int Mebi = 1024 * 1024;

    /// <summary>A page of messages behind what makes the session flush.</summary>
    private const int MostPending = 512 * Kibi;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("{9223372036854775808}", "t BAD expected")] // 2^63 is no number of the grammar
    [InlineData("{9223372036854775807}", "t BAD [TOOBIG]")]
    [InlineData("{9223372036854775807+}", "t BAD [TOOBIG]")]
    [InlineData("{4294967296}", "t BAD [TOOBIG]")]
    [InlineData("{4294967296+}", "t BAD [TOOBIG]")]
    [InlineData("{300000+}", "t BAD [TOOBIG]")]
    public void Literal_beyond_the_limit_is_refused_before_it_comes(string literal, string answer)
    {
        var host = new PumpedHost();
        host.Feed(Encoding.ASCII.GetBytes($"t CREATE {literal}\r\n"));
        Assert.Contains(answer, host.LastReplies, StringComparison.Ordinal);
        Assert.False(host.IsClosed);
    }

    [Fact]
    public void Unasked_literal_of_100_megabytes_is_dropped_as_it_comes()
    {
        var host = new PumpedHost();
        host.Feed(Encoding.ASCII.GetBytes($"t LOGIN {{{100 * Mebi}+}}\r\n"));
        var piece = new byte[64 * Kibi];
        Kept(2 * Mebi, () =>
        {
            for (var i = 0; i < 100 * Mebi / piece.Length; i++)
            {
                host.Feed(piece);
            }
        });
        host.Feed(" x\r\nu NOOP\r\n"u8);
        Assert.Contains("u OK", host.LastReplies, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("t LOGIN ", "{0+}\r\n")]
    [InlineData("t SEARCH", " TEXT {1+}\r\nx")]
    [InlineData("t APPEND {200000+}\r\n", "{0+}\r\n")]
    [InlineData("t ID (", "{1+}\r\nx {1+}\r\ny ")]
    public void Thousands_of_literals_in_one_command_cost_little(string beginning, string literal)
    {
        var host = new PumpedHost();
        var command = beginning + (beginning.Contains("200000", StringComparison.Ordinal) ? new string('x', 200_000) : "");
        var octets = Encoding.ASCII.GetBytes(command + string.Concat(Enumerable.Repeat(literal, 100_000)) + "\r\nu NOOP\r\n");
        Allocated(1_000 * Mebi, () => host.Feed(octets));
        Assert.True(host.IsClosed || host.Written > 0);
        Assert.InRange(host.MostPending, 1, MostPending);
    }

    [Theory]
    [InlineData("NOOP", 1_000_000)]
    [InlineData("CAPABILITY", 200_000)]
    [InlineData("LIST \"\" %", 200_000)]
    public void Commands_that_come_all_at_once_are_answered_in_pieces(string command, int count)
    {
        var host = new PumpedHost();
        var octets = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat($"t {command}\r\n", 10_000)));
        Kept(2 * Mebi, () =>
        {
            for (var i = 0; i < count / 10_000; i++)
            {
                host.Feed(octets);
            }
        });
        Assert.InRange(host.MostPending, 1, MostPending);
        Assert.False(host.IsClosed);
    }

    [Fact]
    public void Hundred_megabytes_of_commands_leave_nothing_behind()
    {
        var host = new PumpedHost();
        var octets = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(
            $"t SEARCH SUBJECT {{3000+}}\r\n{new string('x', 3_000)} UID {string.Join(',', Enumerable.Range(1, 5_000))}\r\n", 40)));
        Kept(2 * Mebi, () =>
        {
            for (var fed = 0L; fed < 100 * Mebi; fed += octets.Length)
            {
                host.Feed(octets);
            }
        });
        Assert.False(host.IsClosed);
        Assert.Contains("t OK", host.LastReplies, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NOT ", 60)]
    [InlineData("(", 60)]
    [InlineData("OR ALL ", 60)]
    [InlineData("NOT ", 10_000)]
    [InlineData("(", 60_000)]
    [InlineData("OR ", 20_000)]
    [InlineData("OR (NOT ", 7_000)]
    public void Search_nested_too_deep_is_refused(string word, int count)
    {
        var host = new PumpedHost();
        host.Feed(Encoding.ASCII.GetBytes($"t SEARCH {string.Concat(Enumerable.Repeat(word, count))}ALL\r\n"));
        Assert.Contains("t BAD expected fewer conditions", host.LastReplies, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FETCH 1:* FLAGS")]
    [InlineData("FETCH 1:* (UID MODSEQ INTERNALDATE)")]
    [InlineData("UID FETCH 1:* FLAGS (CHANGEDSINCE 0)")]
    [InlineData("STORE 1:* +FLAGS (\\Seen)")]
    [InlineData("SEARCH RETURN (ALL) MODSEQ 1")]
    [InlineData("SEARCH RETURN (MIN MAX COUNT) NOT OR 1:* UID 1:*")]
    public void All_of_a_large_mailbox_is_told_page_by_page(string command)
    {
        var host = new PumpedHost(300_000);
        Kept(8 * Mebi, () => host.Feed(Encoding.ASCII.GetBytes($"t {command}\r\n")));
        Assert.Contains("t OK", host.LastReplies, StringComparison.Ordinal);
        Assert.InRange(host.MostPending, 1, MostPending);
    }

    [Theory]
    [InlineData("LIST (SUBSCRIBED) \"\" * RETURN (STATUS (MESSAGES SIZE))")]
    [InlineData("LSUB \"\" *")]
    public void Thousands_of_folders_are_told_in_pieces(string command)
    {
        var host = new PumpedHost { Folders = 5_000 };
        host.Feed(Encoding.ASCII.GetBytes($"t {command}\r\n"));
        Assert.InRange(host.Written, 5_000_000, long.MaxValue);
        Assert.InRange(host.MostPending, 1, MostPending);
    }

    [Fact]
    public void Changes_of_all_messages_are_told_page_by_page()
    {
        var host = new PumpedHost(300_000);
        host.ChangeAll();
        host.Feed("t NOOP\r\n"u8);
        Assert.InRange(host.Written, 300_000 * 20, long.MaxValue);
        Assert.InRange(host.MostPending, 1, MostPending);
    }

    /// <summary>Each of the ranges would be as many ranges of UIDs as the mailbox has gaps.</summary>
    [Fact]
    public void Range_that_is_sent_thousands_of_times_is_one()
    {
        var mailbox = new FakeMailbox();
        for (var i = 0; i < 2_000; i++)
        {
            mailbox.Deliver("INBOX", "Subject: x\r\n\r\n");
        }

        var host = new ScriptedHost(mailbox);
        host.Feed("t LOGIN bob@hamburger.edu secret\r\nt SELECT INBOX\r\n"u8);
        var odd = string.Join(',', Enumerable.Range(1, 1_000).Select(i => 2 * i));
        host.Feed(Encoding.ASCII.GetBytes($"t UID STORE {odd} +FLAGS.SILENT \\Deleted\r\nt EXPUNGE\r\n"));
        host.ForgetReplies();
        var all = string.Join(',', Enumerable.Repeat("1:*", 9_000));
        Allocated(20 * Mebi, () => host.Feed(Encoding.ASCII.GetBytes($"t SEARCH {all} NOT ALL\r\n")));
        Assert.Equal("* SEARCH\r\nt OK Done\r\n", host.Replies);
    }

    [Theory]
    [InlineData(100_000, "* BYE")] // longer than a line may be
    [InlineData(20_000, "t BAD expected at most 10000 ranges")]
    public void Set_of_too_many_ranges_is_refused(int ranges, string answer)
    {
        var host = new PumpedHost();
        Allocated(20 * Mebi, () => host.Feed(Encoding.ASCII.GetBytes(
            $"t UID SEARCH {string.Concat(Enumerable.Repeat("1,", ranges))}1\r\n")));
        Assert.Contains(answer, host.LastReplies, StringComparison.Ordinal);
    }

    [Fact]
    public void Line_without_an_end_ends_the_session()
    {
        var host = new PumpedHost();
        host.Feed(Enumerable.Repeat((byte)'x', 70_000).ToArray());
        Assert.True(host.IsClosed);
        Assert.Contains("* BYE Line is too long", host.LastReplies, StringComparison.Ordinal);
    }

    [Fact]
    public void Message_whose_command_never_ends_is_not_stored()
    {
        var mailbox = new FakeMailbox();
        var host = new ScriptedHost(mailbox);
        host.Feed(Encoding.ASCII.GetBytes(
            $"t LOGIN bob@hamburger.edu secret\r\nu APPEND INBOX {{1+}}\r\nx{new string('y', 70_000)}"));
        Assert.True(host.IsClosed);
        Assert.Contains("* BYE Line is too long", host.Replies, StringComparison.Ordinal);
        Assert.Equal(0, mailbox.Find(Mail.Mailboxes.FolderName.Inbox)!.Snapshot().Messages);
    }

    [Fact]
    public void Flag_longer_than_people_need_is_refused()
    {
        var host = new PumpedHost(1);
        host.Feed(Encoding.ASCII.GetBytes($"t STORE 1 +FLAGS ({new string('x', 101)})\r\n"));
        Assert.StartsWith("t BAD expected a flag of at most 100 octets", host.LastReplies, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("*%")]
    [InlineData("*a")]
    [InlineData("%")]
    public void Pattern_of_many_wildcards_is_matched_in_time(string wildcards)
    {
        var pattern = new Mail.Mailboxes.FolderPattern(string.Concat(Enumerable.Repeat(wildcards, 500)) + "b");
        var name = Mail.Mailboxes.FolderName.Parse(new string('a', 1_000));
        Allocated(4 * Mebi, () =>
        {
            for (var i = 0; i < 5_000; i++)
            {
                Assert.False(pattern.Matches(name));
            }
        });
    }

    private static void Kept(long octets, Action act)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        Timed(act);
        var kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.True(kept < octets, string.Create(CultureInfo.InvariantCulture, $"keeps {kept} octets"));
    }

    private static void Allocated(long octets, Action act)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Timed(act);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated < octets, string.Create(CultureInfo.InvariantCulture, $"allocates {allocated} octets"));
    }

    private static void Timed(Action act)
    {
        var watch = Stopwatch.StartNew();
        act();
        Assert.True(watch.Elapsed < Patience, $"took {watch.Elapsed}");
    }
}
