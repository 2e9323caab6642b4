using MailCluster.Mail.Addresses;
using MailCluster.Mail.Dsn;
using MailCluster.Mail.Envelopes;
using MailCluster.Mail.Replies;

namespace MailCluster.Queue.Tests.Partitions;

public sealed class QueuePartitionStateTests
{
    private readonly PartitionFixture _queue = new();

    [Fact]
    public void A_message_is_due_at_once_grouped_by_next_hop_each_mailbox_by_itself()
    {
        _queue.Enqueue("a@b.example", "x@one.example", "bob@hamburger.edu", "y@one.example", "z@two.example", "alice@hamburger.edu");

        var due = _queue.State.TakeDue(_queue.Now, 100);

        Assert.Equal<int>([0, 2], due.OfType<DueWork.Relay>().Single(r => r.NextHop.Key == "one.example").Recipients);
        Assert.Equal<int>([3], due.OfType<DueWork.Relay>().Single(r => r.NextHop.Key == "two.example").Recipients);
        Assert.Equal([1, 4], due.OfType<DueWork.Store>().Select(s => s.Recipient));
        Assert.Empty(_queue.State.TakeDue(_queue.Now, 100));
    }

    [Fact]
    public void No_attempt_has_more_than_a_hundred_recipients()
    {
        _queue.Enqueue("a@b.example", [.. Enumerable.Range(0, 250).Select(i => $"u{i}@one.example")]);

        var due = _queue.State.TakeDue(_queue.Now, 100).Cast<DueWork.Relay>().ToArray();

        Assert.Equal([100, 100, 50], due.Select(r => r.Recipients.Length));
        Assert.Equal(250, due.SelectMany(r => r.Recipients).Distinct().Count());
    }

    [Fact]
    public void A_next_hop_that_is_down_twice_is_tried_three_times_half_an_hour_apart()
    {
        var id = _queue.Enqueue("a@b.example", "x@one.example");
        var attempts = new List<DateTimeOffset>();
        for (var attempt = 0; attempt < 3; attempt++)
        {
            _queue.Now = _queue.State.NextDueAt > _queue.Now ? _queue.State.NextDueAt!.Value : _queue.Now;
            _queue.TakeOne<DueWork.Relay>();
            attempts.Add(_queue.Now);
            _queue.Record(id, attempt < 2 ? OutcomeKind.Deferred : OutcomeKind.Delivered, attempt < 2 ? PartitionFixture.Later : PartitionFixture.Ok, 0);
        }

        Assert.Equal([0, 30, 60], attempts.Select(at => (at - PartitionFixture.Start).TotalMinutes));
        Assert.Equal(0, _queue.State.Count);
    }

    [Fact]
    public void Outcomes_of_one_message_are_each_recipients_own()
    {
        var id = _queue.Enqueue("a@b.example", "x@one.example", "y@one.example", "z@one.example");
        _queue.TakeOne<DueWork.Relay>();
        _queue.Do(new RecordAttempt(id, [
            new RecipientOutcome(0, OutcomeKind.Delivered, PartitionFixture.Ok, "mx"),
            new RecipientOutcome(1, OutcomeKind.Deferred, PartitionFixture.Later, "mx"),
            new RecipientOutcome(2, OutcomeKind.Failed, PartitionFixture.Never, "mx"),
        ]));

        var entry = _queue.Entry(id);
        Assert.Equal(
            [RecipientStatus.Delivered, RecipientStatus.Pending, RecipientStatus.Failed], entry.Recipients.Select(r => r.Status));
        Assert.Equal<int>([2], _queue.TakeOne<DueWork.Notice>().Plan.Recipients);
        _queue.Now += TimeSpan.FromMinutes(30);
        Assert.Equal<int>([1], _queue.TakeOne<DueWork.Relay>().Recipients);
    }

    [Fact]
    public void After_five_days_a_deferral_is_a_failure_with_the_last_words_kept()
    {
        var id = _queue.Enqueue("a@b.example", "x@one.example");
        var attempts = 0;
        while (_queue.Entry(id).HasPending)
        {
            _queue.Now = _queue.State.NextDueAt > _queue.Now ? _queue.State.NextDueAt!.Value : _queue.Now;
            foreach (var work in _queue.State.TakeDue(_queue.Now, 100))
            {
                if (work is DueWork.Notice notice)
                {
                    _queue.Do(new RecordNotice(id, notice.Plan, null));
                    continue;
                }

                attempts++;
                _queue.Record(id, OutcomeKind.Deferred, PartitionFixture.Later, 0);
            }
        }

        Assert.Equal(241, attempts); // 5 days of half hours, and the one at the expiry
        Assert.Equal(PartitionFixture.Start + TimeSpan.FromDays(5), _queue.Now);
        Assert.Equal(RecipientStatus.Failed, _queue.Entry(id).Recipients[0].Status);
        Assert.Equal("451 4.0.0 later", _queue.Entry(id).Recipients[0].LastReply!.ToString());
        Assert.Equal(NoticeKind.Final, _queue.TakeOne<DueWork.Notice>().Plan.Kind);
    }

    [Fact]
    public void After_four_hours_the_sender_hears_once_that_it_waits()
    {
        var id = _queue.Enqueue("a@b.example", "x@one.example");
        var notices = new List<DateTimeOffset>();
        while (_queue.Now < PartitionFixture.Start + TimeSpan.FromHours(12))
        {
            _queue.Now = _queue.State.NextDueAt > _queue.Now ? _queue.State.NextDueAt!.Value : _queue.Now;
            foreach (var work in _queue.State.TakeDue(_queue.Now, 100))
            {
                if (work is DueWork.Notice notice)
                {
                    Assert.Equal(NoticeKind.Delayed, notice.Plan.Kind);
                    notices.Add(_queue.Now);
                    _queue.Do(new RecordNotice(id, notice.Plan, null));
                }
                else
                {
                    _queue.Record(id, OutcomeKind.Deferred, PartitionFixture.Later, 0);
                }
            }
        }

        Assert.Equal([PartitionFixture.Start + TimeSpan.FromHours(4)], notices);
    }

    [Theory]
    [InlineData("a@b.example", DsnNotify.Unspecified, OutcomeKind.Failed, NoticeOwed.Failed)]
    [InlineData("a@b.example", DsnNotify.Failure, OutcomeKind.Failed, NoticeOwed.Failed)]
    [InlineData("a@b.example", DsnNotify.Never, OutcomeKind.Failed, NoticeOwed.None)]
    [InlineData("a@b.example", DsnNotify.Success, OutcomeKind.Failed, NoticeOwed.None)]
    [InlineData("", DsnNotify.Unspecified, OutcomeKind.Failed, NoticeOwed.None)]
    [InlineData("", DsnNotify.Failure, OutcomeKind.Failed, NoticeOwed.None)]
    [InlineData("a@b.example", DsnNotify.Unspecified, OutcomeKind.Relayed, NoticeOwed.None)]
    [InlineData("a@b.example", DsnNotify.Success, OutcomeKind.Relayed, NoticeOwed.Relayed)]
    [InlineData("a@b.example", DsnNotify.Success, OutcomeKind.Delivered, NoticeOwed.None)] // the next hop tells
    [InlineData("", DsnNotify.Success, OutcomeKind.Relayed, NoticeOwed.None)]
    public void What_the_sender_is_told_is_what_it_asked_for(string sender, DsnNotify notify, OutcomeKind kind, NoticeOwed owed)
    {
        // A second recipient keeps the entry in the queue.
        var id = _queue.Enqueue(sender, notify, "x@one.example", "y@two.example");
        _queue.Record(id, kind, kind == OutcomeKind.Failed ? PartitionFixture.Never : PartitionFixture.Ok, 0);

        Assert.Equal(owed, _queue.Entry(id).Recipients[0].Owed);
    }

    [Fact]
    public void A_success_in_a_mailbox_of_ours_is_told_where_it_was_asked_for()
    {
        var id = _queue.Enqueue("a@b.example", DsnNotify.Success, "bob@hamburger.edu");
        _queue.TakeOne<DueWork.Store>();
        _queue.Record(id, OutcomeKind.Delivered, PartitionFixture.Ok, 0);

        var notice = _queue.TakeOne<DueWork.Notice>();
        var report = NoticeReports.Report(notice.Entry, notice.Plan, _queue.NewId(), DomainName.Parse("mail.hamburger.edu"), _queue.Now);
        Assert.Equal(DsnAction.Delivered, Assert.Single(report.Recipients).Action);
    }

    [Fact]
    public void A_notice_is_an_entry_of_its_own_from_nobody_and_causes_no_other()
    {
        var id = _queue.Enqueue("a@b.example", "x@one.example");
        _queue.TakeOne<DueWork.Relay>();
        _queue.Record(id, OutcomeKind.Failed, PartitionFixture.Never, 0);
        var work = _queue.TakeOne<DueWork.Notice>();
        var report = NoticeReports.Report(work.Entry, work.Plan, _queue.NewId(), DomainName.Parse("mail.hamburger.edu"), _queue.Now);
        var sender = new ForwardPath(MailAddress.Parse("a@b.example"));
        var notice = NoticeReports.Entry(
            report, new ComposedDsn([1, 2, 3], BodyType.SevenBit, false),
            [new ResolvedRecipient(sender, new DeliveryTarget.Remote(sender.Domain))], _queue.Settings.Schedule);

        _queue.Do(new RecordNotice(id, work.Plan, notice));

        Assert.Null(_queue.State.Find(id));
        Assert.True(_queue.Entry(notice.Id).ReversePath.IsNull);
        _queue.TakeOne<DueWork.Relay>();
        _queue.Record(notice.Id, OutcomeKind.Failed, PartitionFixture.Never, 0);
        Assert.Equal(0, _queue.State.Count);
    }

    [Fact]
    public void A_held_message_waits_for_its_release()
    {
        var id = _queue.Enqueue("a@b.example", "x@one.example");
        _queue.Do(new HoldMessage(id));
        _queue.Now += TimeSpan.FromDays(9);
        Assert.Empty(_queue.State.TakeDue(_queue.Now, 100));

        _queue.Do(new ReleaseMessage(id));
        Assert.Contains(_queue.State.TakeDue(_queue.Now, 100), work => work is DueWork.Relay);
    }

    [Fact]
    public void A_retry_makes_a_deferred_message_due_now()
    {
        var id = _queue.Enqueue("a@b.example", "x@one.example");
        _queue.TakeOne<DueWork.Relay>();
        _queue.Record(id, OutcomeKind.Deferred, PartitionFixture.Later, 0);
        Assert.Empty(_queue.State.TakeDue(_queue.Now, 100));

        _queue.Do(new RetryMessage(id));
        _queue.TakeOne<DueWork.Relay>();
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public void A_removed_message_is_gone_and_its_sender_hears_of_it_if_so_wanted(bool withDsn, int left)
    {
        var id = _queue.Enqueue("a@b.example", "x@one.example");
        _queue.Do(new RemoveMessage(id, withDsn));

        Assert.Equal(left, _queue.State.Count);
        Assert.Equal(left, _queue.State.TakeDue(_queue.Now, 100).OfType<DueWork.Notice>().Count());
    }

    [Fact]
    public void A_message_that_is_asked_for_twice_is_queued_once_even_after_it_is_gone()
    {
        var id = _queue.Enqueue("a@b.example", "x@one.example");
        var again = new EnqueueMessage(id, PartitionFixture.Envelope("a@b.example", DsnNotify.Unspecified, "x@one.example"), 100);
        Assert.IsType<MessageAlreadyQueued>(_queue.Do(again));
        _queue.Record(id, OutcomeKind.Delivered, PartitionFixture.Ok, 0);
        Assert.Equal(0, _queue.State.Count);

        Assert.IsType<MessageAlreadyQueued>(_queue.Do(again));
        Assert.Equal(0, _queue.State.Count);
    }

    [Fact]
    public void A_full_partition_refuses_with_452()
    {
        var queue = new PartitionFixture(new QueueSettings { MaxEntries = 1 });
        queue.Enqueue("a@b.example", "x@one.example");

        var answer = queue.Do(new EnqueueMessage(
            queue.NewId(), PartitionFixture.Envelope("a@b.example", DsnNotify.Unspecified, "x@one.example"), 100));

        Assert.Equal(ReplyCode.InsufficientStorage, Assert.IsType<MessageRejected>(answer).Reply.Code);
    }

    [Theory]
    [InlineData(0, "554 5.5.1")]
    [InlineData(1, null)]
    [InlineData(3, null)]
    [InlineData(4, "452 4.5.3")]
    public void A_message_has_at_least_one_recipient_and_no_more_than_the_limit(int recipients, string? refusal)
    {
        var queue = new PartitionFixture(new QueueSettings { MaxRecipients = 3 });

        var answer = queue.Do(new EnqueueMessage(queue.NewId(), PartitionFixture.Envelope(
            "a@b.example", DsnNotify.Unspecified, [.. Enumerable.Range(0, recipients).Select(i => $"u{i}@one.example")]), 100));

        var said = answer is MessageRejected rejected ? $"{rejected.Reply.Code} {rejected.Reply.Status}" : null;
        Assert.Equal(refusal, said);
        Assert.Equal(refusal is null ? 1 : 0, queue.State.Count);
    }

    [Fact]
    public void A_recipient_to_whom_two_addresses_lead_gets_one_copy()
    {
        var path = new ForwardPath(MailAddress.Parse("x@one.example"));
        var resolved = new ResolvedRecipient(path, new DeliveryTarget.Remote(path.Domain));
        var all = new EnvelopeRecipient(new ForwardPath(MailAddress.Parse("all@b.example")), DsnNotify.Unspecified, null, [resolved, resolved]);
        var id = _queue.NewId();

        _queue.Do(new EnqueueMessage(id, new Envelope { ReversePath = ReversePath.Null, Recipients = [all, all] }, 100));

        Assert.Single(_queue.Entry(id).Recipients);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    public void An_outcome_for_a_recipient_that_is_not_there_changes_nothing(int recipient)
    {
        var id = _queue.Enqueue("a@b.example", "x@one.example");
        var before = _queue.Entry(id).Recipients[0];
        _queue.Record(id, OutcomeKind.Deferred, PartitionFixture.Later, recipient);
        _queue.Record(id, OutcomeKind.Failed, PartitionFixture.Never, recipient);

        Assert.Equal(before, _queue.Entry(id).Recipients[0]);
    }

    [Fact]
    public void A_message_that_comes_out_of_a_long_downtime_is_tried_before_its_sender_hears_of_a_delay()
    {
        var id = _queue.Enqueue("a@b.example", "x@one.example");
        _queue.TakeOne<DueWork.Relay>();
        _queue.Record(id, OutcomeKind.Deferred, PartitionFixture.Later, 0);
        _queue.Now += TimeSpan.FromHours(9);
        _queue.TakeOne<DueWork.Relay>();
        Assert.Null(_queue.State.NextDueAt);

        _queue.Record(id, OutcomeKind.Deferred, PartitionFixture.Later, 0);
        Assert.Equal(NoticeKind.Delayed, _queue.TakeOne<DueWork.Notice>().Plan.Kind);
    }

    [Theory]
    [InlineData("", DsnNotify.Unspecified)]
    [InlineData("a@b.example", DsnNotify.Never)]
    [InlineData("a@b.example", DsnNotify.Failure)]
    public void Nobody_hears_of_a_delay_who_did_not_want_to(string sender, DsnNotify notify)
    {
        var id = _queue.Enqueue(sender, notify, "x@one.example");
        for (var age = TimeSpan.Zero; age < TimeSpan.FromHours(12); age += TimeSpan.FromMinutes(30))
        {
            Assert.IsType<DueWork.Relay>(Assert.Single(_queue.State.TakeDue(_queue.Now, 100)));
            _queue.Record(id, OutcomeKind.Deferred, PartitionFixture.Later, 0);
            _queue.Now += TimeSpan.FromMinutes(30);
        }

        Assert.False(_queue.Entry(id).DelayNoticeSent);
    }

    [Fact]
    public void A_notice_that_could_not_be_written_is_due_again_later()
    {
        var id = _queue.Enqueue("a@b.example", "x@one.example");
        _queue.TakeOne<DueWork.Relay>();
        _queue.Record(id, OutcomeKind.Failed, PartitionFixture.Never, 0);
        var later = _queue.Now + TimeSpan.FromMinutes(1);
        _queue.State.GiveBack(_queue.TakeOne<DueWork.Notice>(), later);

        Assert.Empty(_queue.State.TakeDue(_queue.Now, 100));
        Assert.Equal(later, _queue.State.NextDueAt);
        _queue.Now = later;
        _queue.TakeOne<DueWork.Notice>();
    }

    [Fact]
    public void Failures_of_one_moment_are_told_in_one_notice()
    {
        var id = _queue.Enqueue("a@b.example", "x@one.example", "y@two.example", "z@two.example");
        _queue.State.TakeDue(_queue.Now, 100);
        _queue.Record(id, OutcomeKind.Failed, PartitionFixture.Never, 0);
        _queue.Record(id, OutcomeKind.Failed, PartitionFixture.Never, 2);

        Assert.Equal<int>([0, 2], _queue.TakeOne<DueWork.Notice>().Plan.Recipients);
    }

    [Fact]
    public void What_is_held_beyond_its_expiry_is_tried_once_more_before_it_is_given_up()
    {
        var id = _queue.Enqueue("a@b.example", "x@one.example");
        _queue.Do(new HoldMessage(id));
        _queue.Now += TimeSpan.FromDays(9);
        Assert.Null(_queue.State.NextDueAt);

        _queue.Do(new ReleaseMessage(id));
        _queue.TakeOne<DueWork.Relay>();
        _queue.Record(id, OutcomeKind.Deferred, PartitionFixture.Later, 0);

        Assert.Equal(RecipientStatus.Failed, _queue.Entry(id).Recipients[0].Status);
        _queue.TakeOne<DueWork.Notice>();
    }

    [Fact]
    public void Commands_about_what_is_not_there_are_answered_so()
    {
        var id = _queue.NewId();
        Assert.All<IQueueCommand>(
            [
                new RecordAttempt(id, []), new RecordNotice(id, new NoticePlan(NoticeKind.Final, []), null),
                new HoldMessage(id), new ReleaseMessage(id), new RetryMessage(id), new RemoveMessage(id, WithDsn: true),
            ],
            command => Assert.Equal(new NoSuchMessage(id), _queue.Do(command)));
        Assert.Empty(_queue.Journal);
    }

    [Fact]
    public void Only_the_latest_finished_ids_are_remembered()
    {
        var queue = new PartitionFixture(new QueueSettings { RememberedIds = 2 });
        var ids = Enumerable.Range(0, 3).Select(_ => queue.Enqueue("", "x@one.example")).ToArray();
        foreach (var id in ids)
        {
            queue.Record(id, OutcomeKind.Delivered, PartitionFixture.Ok, 0);
        }

        Assert.Equal(ids[1..], queue.State.Snapshot().RecentlyFinished);
    }

    [Fact]
    public void Mail_for_two_domains_of_one_smart_host_is_one_attempt()
    {
        var host = new RouteHost(new NextHop.Host("smart.example", 587), RouteTls.Required, null);
        var state = new QueuePartitionState(_queue.Settings, new RouteTable([], host));
        _queue.State = state;
        _queue.Enqueue("a@b.example", "x@one.example", "y@two.example");

        var relay = _queue.TakeOne<DueWork.Relay>();
        Assert.Equal("smart.example:587", relay.NextHop.Key);
        Assert.Equal<int>([0, 1], relay.Recipients);
    }
}
