using System.Collections.Immutable;
using System.Text;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using MailCluster.Actors.Delivery;
using MailCluster.Actors.Queue;
using MailCluster.Actors.Tests.Fakes;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Envelopes;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Replies;
using MailCluster.Queue;

namespace MailCluster.Actors.Tests.Queue;

/// <summary>A partition over a journal in memory, with the clock and the scheduler in the test's hands.</summary>
public sealed class QueuePartitionActorTests : TestKit
{
    private const string Config =
        """
        akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit"
        akka.persistence.journal.plugin = "akka.persistence.journal.inmem"
        akka.persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
        """;

    private static readonly DateTimeOffset Start = new(2026, 11, 23, 3, 0, 0, TimeSpan.Zero);
    private static readonly Reply Down = new(ReplyCode.ServiceNotAvailable, EnhancedStatusCode.NoAnswer, "connection refused");
    private static readonly Reply Taken = new(ReplyCode.Ok, EnhancedStatusCode.Ok, "taken");
    private static readonly Reply Unknown = new(ReplyCode.MailboxUnavailable, EnhancedStatusCode.NoSuchMailbox, "unknown");

    private readonly ManualTime _time = new(Start);
    private readonly MemorySpool _spool = new();
    private readonly LocalPartitions _local = new();
    private readonly TestProbe _destinations;
    private readonly TestProbe _mailboxes;

    public QueuePartitionActorTests()
        : base(Config)
    {
        _destinations = CreateTestProbe("destinations");
        _mailboxes = CreateTestProbe("mailboxes");
    }

    [Fact]
    public async Task A_next_hop_that_is_down_twice_is_tried_half_an_hour_later_each_time()
    {
        var partition = Begin();
        await EnqueueAsync(partition, "a@b.example", "x@one.example");
        for (var failure = 0; failure < 2; failure++)
        {
            var attempt = await _destinations.ExpectMsgAsync<AttemptDelivery>();
            Answer(partition, attempt, OutcomeKind.Deferred, Down);
            await WaitUntilDeferredAsync(partition, attempt.QueueId, failure + 1);
            Advance(TimeSpan.FromMinutes(29));
            await _destinations.ExpectNoMsgAsync(TimeSpan.FromMilliseconds(100));
            Advance(TimeSpan.FromMinutes(1));
        }

        var last = await _destinations.ExpectMsgAsync<AttemptDelivery>();
        Assert.Equal(Start + TimeSpan.FromHours(1), _time.GetUtcNow());
        Answer(partition, last, OutcomeKind.Delivered, Taken);
        await AwaitAssertAsync(() => Assert.Contains(last.QueueId.Body, _spool.Released));
    }

    [Fact]
    public async Task What_is_queued_survives_the_death_of_the_actor_with_its_schedule()
    {
        var partition = Begin();
        var id = await EnqueueAsync(partition, "a@b.example", "x@one.example");
        var attempt = await _destinations.ExpectMsgAsync<AttemptDelivery>();
        Answer(partition, attempt, OutcomeKind.Deferred, Down);
        await WaitUntilDeferredAsync(partition, id, 1);
        await KillAsync(partition);

        var second = Begin();
        var details = await second.Ask<MessageDetails>(new GetMessage(id));
        Assert.Equal(Start + TimeSpan.FromMinutes(30), details.Entry!.Summary.NextAttemptAt);
        await _destinations.ExpectNoMsgAsync(TimeSpan.FromMilliseconds(100));
        Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(id, (await _destinations.ExpectMsgAsync<AttemptDelivery>()).QueueId);
    }

    /// <summary>Its node was asleep, and does not know yet that another has the partition.</summary>
    [Fact]
    public async Task One_that_may_not_write_does_not_even_begin()
    {
        Watch(Begin(mayWrite: false));
        await ExpectMsgAsync<Terminated>();
        Assert.Empty(_local.Ready);
    }

    [Fact]
    public async Task An_attempt_under_way_when_the_actor_died_is_made_again()
    {
        var partition = Begin();
        var id = await EnqueueAsync(partition, "a@b.example", "x@one.example");
        await _destinations.ExpectMsgAsync<AttemptDelivery>();
        await KillAsync(partition);

        Begin();
        Assert.Equal(id, (await _destinations.ExpectMsgAsync<AttemptDelivery>()).QueueId);
    }

    [Fact]
    public async Task An_attempt_that_nobody_answers_is_asked_for_again_under_its_number()
    {
        var partition = Begin();
        await EnqueueAsync(partition, "a@b.example", "x@one.example");
        var attempt = await _destinations.ExpectMsgAsync<AttemptDelivery>();
        Advance(TimeSpan.FromSeconds(40));

        Assert.Equal(attempt.Attempt, (await _destinations.ExpectMsgAsync<AttemptDelivery>()).Attempt);
    }

    [Fact]
    public async Task A_failure_becomes_a_notice_to_the_sender_in_the_spool_and_in_the_queue()
    {
        var partition = Begin();
        var id = await EnqueueAsync(partition, "a@b.example", "x@one.example");
        Answer(partition, await _destinations.ExpectMsgAsync<AttemptDelivery>(), OutcomeKind.Failed, Unknown);

        var notice = await _destinations.ExpectMsgAsync<AttemptDelivery>();
        Assert.True(notice.ReversePath.IsNull);
        Assert.Equal("<a@b.example>", Assert.Single(notice.Recipients).Path.ToString());
        var text = Encoding.UTF8.GetString(_spool.Bodies[notice.QueueId.Body]);
        Assert.Contains("Final-Recipient: rfc822; x@one.example", text, StringComparison.Ordinal);
        Assert.Contains("550 5.1.1 unknown", text, StringComparison.Ordinal);
        await AwaitAssertAsync(() => Assert.Contains(id.Body, _spool.Released));
        Answer(partition, notice, OutcomeKind.Failed, Unknown);
        await AwaitAssertAsync(() => Assert.Contains(notice.QueueId.Body, _spool.Released));
        await _destinations.ExpectNoMsgAsync(TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public async Task A_question_that_is_asked_twice_makes_one_message()
    {
        var partition = Begin();
        var id = QueueId.New(0, Start);
        var enqueue = Message(id, "a@b.example", "x@one.example");
        partition.Tell(enqueue, TestActor);
        partition.Tell(enqueue, TestActor);
        await ExpectMsgAsync<MessageAccepted>();
        partition.Tell(enqueue, TestActor);
        await ExpectMsgAsync<MessageAlreadyQueued>();
        await _destinations.ExpectMsgAsync<AttemptDelivery>();
        await _destinations.ExpectNoMsgAsync(TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public async Task A_partition_can_be_found_on_its_node_from_its_recovery_until_it_is_told_to_stop()
    {
        var partition = Begin();
        await AwaitAssertAsync(() => Assert.Equal(partition, _local.Find(0)));
        await EnqueueAsync(partition, "a@b.example", "x@one.example");
        await _destinations.ExpectMsgAsync<AttemptDelivery>();
        partition.Tell(StopPartition.Instance);
        await AwaitAssertAsync(() => Assert.Null(_local.Find(0)));

        await KillAsync(partition);
        partition = Begin();
        await AwaitAssertAsync(() => Assert.Equal(partition, _local.Find(0)));
        await KillAsync(partition);
        Assert.Empty(_local.Ready);
    }

    [Fact]
    public async Task A_body_that_no_entry_came_to_own_is_released_when_it_is_old_enough()
    {
        var old = QueueId.New(0, Start - TimeSpan.FromHours(1)).Body;
        var young = QueueId.New(0, Start - TimeSpan.FromMinutes(1)).Body;
        _spool.Put(old, "orphan");
        _spool.Put(young, "still being enqueued");
        Begin();
        await AwaitAssertAsync(() =>
        {
            Advance(TimeSpan.FromSeconds(2));
            Assert.Contains(old, _spool.Released);
        });
        Assert.DoesNotContain(young, _spool.Released);
    }

    private IActorRef Begin(bool mayWrite = true) => Sys.ActorOf(QueuePartitionActor.Props(0, new QueuePartitionServices(
        _destinations, _mailboxes, _spool, new EmptyDirectory(),
        new RelayRoutes(new RouteTable([], null), DomainName.Parse("mail.hamburger.edu"), RouteTls.Opportunistic),
        DomainName.Parse("mail.hamburger.edu"),
        new QueuePartitionSettings
        {
            Queue = new QueueSettings { Schedule = RetrySchedule.Default with { Jitter = 0 } },
            OutcomeGathering = TimeSpan.Zero,
        },
        _time, () => 0.5)
    {
        Local = _local,
        MayWrite = () => mayWrite,
    }));

    private async Task<QueueId> EnqueueAsync(IActorRef partition, string sender, string recipient)
    {
        var id = QueueId.New(0, _time.GetUtcNow());
        _spool.Put(id.Body, "Subject: test\r\n\r\nbody\r\n");
        partition.Tell(Message(id, sender, recipient), TestActor);
        await ExpectMsgAsync<MessageAccepted>();
        return id;
    }

    private static EnqueueMessage Message(QueueId id, string sender, string recipient)
    {
        var path = new ForwardPath(MailAddress.Parse(recipient));
        return new EnqueueMessage(id, new MailCluster.Mail.Envelopes.Envelope
        {
            ReversePath = new ReversePath(MailAddress.Parse(sender)),
            Recipients =
            [
                new EnvelopeRecipient(
                    path, DsnNotify.Unspecified, null, [new ResolvedRecipient(path, new DeliveryTarget.Remote(path.Domain))]),
            ],
        }, 100);
    }

    private static void Answer(IActorRef partition, AttemptDelivery attempt, OutcomeKind kind, Reply reply) =>
        partition.Tell(new DeliveryAttempted(attempt.QueueId, attempt.Attempt, ImmutableArray.CreateRange(
            attempt.Recipients, r => new RecipientOutcome(r.Index, kind, reply, "mx.one.example"))));

    private Task WaitUntilDeferredAsync(IActorRef partition, QueueId id, int attempts) => AwaitAssertAsync(async () =>
        Assert.Equal(attempts, (await partition.Ask<MessageDetails>(new GetMessage(id))).Entry!.Recipients[0].Attempts));

    private async Task KillAsync(IActorRef partition)
    {
        Watch(partition);
        partition.Tell(Kill.Instance);
        await ExpectTerminatedAsync(partition);
        Unwatch(partition);
    }

    private void Advance(TimeSpan by)
    {
        _time.Advance(by);
        ((TestScheduler)Sys.Scheduler).Advance(by);
    }
}
