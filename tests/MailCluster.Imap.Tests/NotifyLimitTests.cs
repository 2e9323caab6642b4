using System.Text;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Tests;

/// <summary>Where NOTIFY ends, and what it does where the store is away.</summary>
public sealed class NotifyLimitTests
{
    private const string Names = "NOTIFY SET (personal (MailboxName MailboxMetadataChange))";

    private readonly FakeMailbox _mailbox = new();
    private readonly ScriptedHost _host;

    public NotifyLimitTests()
    {
        _host = new ScriptedHost(_mailbox);
        Feed("a LOGIN bob@hamburger.edu secret");
    }

    [Fact]
    public void More_news_at_once_than_are_told_end_it()
    {
        Assert.Equal("b OK Done\r\n", Feed($"b {Names}"));
        _host.StoreFails = true;
        for (var i = 0; i <= 1_000; i++)
        {
            _mailbox.Apply(new MailboxChange.CreateFolder(FolderName.Parse($"f{i}"), null));
        }

        _host.StoreFails = false;
        Assert.Equal("* OK [NOTIFICATIONOVERFLOW] Too much has changed at once\r\nc OK Done\r\n", Feed("c NOOP"));
        _mailbox.Apply(new MailboxChange.CreateFolder(FolderName.Parse("more"), null));
        Assert.Equal("d OK Done\r\n", Feed("d NOOP"));
    }

    [Fact]
    public void More_mailboxes_than_can_be_watched_are_refused_and_what_was_asked_before_stays()
    {
        Feed($"b {Names}");
        var many = string.Join(' ', Enumerable.Range(0, 1_000).Select(i => $"m{i}"));
        Assert.Equal(
            "c NO [NOTIFICATIONOVERFLOW] Too many mailboxes\r\n",
            Feed($"c NOTIFY SET (mailboxes ({many}) (MessageNew MessageExpunge))"));
        _host.ForgetReplies();
        _mailbox.Apply(new MailboxChange.CreateFolder(FolderName.Parse("more"), null));
        Assert.Equal("* LIST (\\HasNoChildren) \"/\" \"more\"\r\n", _host.Replies);
    }

    [Fact]
    public void What_could_not_be_read_is_told_the_next_time()
    {
        Feed($"b {Names}");
        _host.StoreFails = true;
        _mailbox.Apply(new MailboxChange.CreateFolder(FolderName.Parse("new"), null));
        Assert.Equal("c NO [UNAVAILABLE] Not possible at the moment, try again\r\n", Feed("c LIST \"\" *"));
        _host.StoreFails = false;
        Assert.Equal("* LIST (\\HasNoChildren) \"/\" \"new\"\r\nd OK Done\r\n", Feed("d NOOP"));
    }

    private string Feed(string line)
    {
        _host.ForgetReplies();
        _host.Feed(Encoding.UTF8.GetBytes(line + "\r\n"));
        return _host.Replies;
    }
}
