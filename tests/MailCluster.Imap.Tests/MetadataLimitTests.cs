using System.Text;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Tests;

/// <summary>Where METADATA ends.</summary>
public sealed class MetadataLimitTests
{
    private readonly ScriptedHost _host = new(new FakeMailbox());

    public MetadataLimitTests() => Feed("a LOGIN bob@hamburger.edu secret\r\n");

    [Fact]
    public void A_value_of_the_largest_size_is_set_and_a_larger_one_refused_with_the_limit()
    {
        Assert.Equal("b OK Done\r\n", Set("b", new string('x', Annotation.MaxValue)));
        Assert.Equal(
            $"c NO [METADATA MAXSIZE {Annotation.MaxValue}] A value is too long\r\n", Set("c", new string('x', Annotation.MaxValue + 1)));
    }

    [Fact]
    public void More_entries_than_a_mailbox_may_have_are_refused()
    {
        for (var i = 0; i < Annotation.MaxEntries; i++)
        {
            Feed($"b SETMETADATA INBOX (/private/e{i} \"v\")\r\n");
        }

        Assert.Equal(
            "c NO [METADATA TOOMANY] Too many entries, or too much in them\r\n",
            Feed("c SETMETADATA INBOX (/private/more \"v\")\r\n"));
    }

    [Fact]
    public void A_value_with_a_nul_comes_back_as_a_literal8()
    {
        Feed("b SETMETADATA INBOX (/private/x ~{3+}\r\na\0b)\r\n");
        Assert.Equal(
            "* METADATA \"INBOX\" (/private/x ~{3}\r\na\0b)\r\nc OK Done\r\n", Feed("c GETMETADATA INBOX /private/x\r\n"));
    }

    [Fact]
    public void A_store_that_is_away_is_a_failure_and_no_answer()
    {
        _host.StoreFails = true;
        Assert.StartsWith("b NO [UNAVAILABLE]", Feed("b GETMETADATA INBOX /private/x\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("c NO [UNAVAILABLE]", Feed("c ENABLE METADATA\r\n"), StringComparison.Ordinal);
    }

    private string Set(string tag, string value) =>
        Feed($"{tag} SETMETADATA INBOX (/private/x {{{value.Length}+}}\r\n{value})\r\n");

    private string Feed(string text)
    {
        _host.ForgetReplies();
        _host.Feed(Encoding.UTF8.GetBytes(text));
        return _host.Replies;
    }
}
