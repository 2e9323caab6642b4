using MailCluster.Mail.Addresses;
using MailCluster.Mail.Dsn;
using MailCluster.Mail.Envelopes;
using MailCluster.Mail.Replies;

namespace MailCluster.Queue.Tests.Partitions;

public sealed class NoticeReportsTests
{
    private readonly PartitionFixture _queue = new();

    [Theory]
    [InlineData(OutcomeKind.Failed, "550", "5.1.1", DsnAction.Failed, "5.1.1")]
    [InlineData(OutcomeKind.Failed, "550", null, DsnAction.Failed, "5.0.0")]
    [InlineData(OutcomeKind.Failed, "451", "4.4.1", DsnAction.Failed, "5.4.7")] // it is transient: what failed is the time
    [InlineData(OutcomeKind.Relayed, "250", "2.0.0", DsnAction.Relayed, "2.0.0")]
    [InlineData(OutcomeKind.Relayed, "250", null, DsnAction.Relayed, "2.0.0")]
    public void The_class_of_the_status_agrees_with_the_action(
        OutcomeKind kind, string code, string? status, DsnAction action, string told)
    {
        var reply = new Reply(
            new ReplyCode(int.Parse(code)), status is null || !EnhancedStatusCode.TryRead(status, out var read, out _) ? null : read, "text");
        var id = _queue.Enqueue("a@b.example", DsnNotify.Success | DsnNotify.Failure, "x@one.example");
        _queue.TakeOne<DueWork.Relay>();
        _queue.Record(id, kind, reply, 0);

        var recipient = Assert.Single(Report(_queue.TakeOne<DueWork.Notice>()).Recipients);

        Assert.Equal(action, recipient.Action);
        Assert.Equal(told, recipient.Status.ToString());
        Assert.Equal(reply, recipient.RemoteReply);
        Assert.Equal("mx.example", recipient.RemoteMta);
        Assert.Null(recipient.WillRetryUntil);
    }

    [Fact]
    public void A_delay_tells_of_the_last_attempt_and_how_long_it_goes_on()
    {
        var id = _queue.Enqueue("a@b.example", "x@one.example");
        var lastAttempt = _queue.Now + TimeSpan.FromHours(3.75);
        _queue.Now = lastAttempt;
        _queue.TakeOne<DueWork.Relay>();
        _queue.Record(id, OutcomeKind.Deferred, PartitionFixture.Later, 0);
        _queue.Now += TimeSpan.FromMinutes(15);

        var report = Report(_queue.TakeOne<DueWork.Notice>());

        var recipient = Assert.Single(report.Recipients);
        Assert.Equal(DsnAction.Delayed, recipient.Action);
        Assert.Equal("4.0.0", recipient.Status.ToString());
        Assert.Equal(lastAttempt, recipient.LastAttempt);
        Assert.Equal(PartitionFixture.Start + TimeSpan.FromDays(5), recipient.WillRetryUntil);
        Assert.Equal(PartitionFixture.Start, report.ArrivalDate);
    }

    [Fact]
    public void What_the_operator_removed_is_told_as_the_word_of_this_server_though_a_remote_spoke_before()
    {
        var id = _queue.Enqueue("a@b.example", "x@one.example", "y@two.example");
        _queue.State.TakeDue(_queue.Now, 100);
        _queue.Record(id, OutcomeKind.Deferred, PartitionFixture.Later, 0);
        _queue.Do(new RemoveMessage(id, WithDsn: true));

        var recipients = Report(_queue.TakeOne<DueWork.Notice>()).Recipients;

        Assert.All(recipients, r => Assert.Null(r.RemoteMta));
        Assert.All(recipients, r => Assert.Contains("operator", r.RemoteReply!.Text, StringComparison.Ordinal));
        Assert.Equal(_queue.Now, recipients[0].LastAttempt);
        Assert.Null(recipients[1].LastAttempt); // it was never tried
    }

    private DsnReport Report(DueWork.Notice notice) => NoticeReports.Report(
        notice.Entry, notice.Plan, _queue.NewId(), DomainName.Parse("mail.hamburger.edu"), _queue.Now);
}
