using MailCluster.Mail.Addresses;
using MailCluster.Mail.Envelopes;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Replies;

namespace MailCluster.Queue.Tests.Partitions;

/// <summary>A partition with its clock, and words for what tests do to it.</summary>
internal sealed class PartitionFixture
{
    public static readonly DateTimeOffset Start = new(2026, 11, 23, 3, 0, 0, TimeSpan.Zero);

    public static readonly Reply Ok = new(ReplyCode.Ok, EnhancedStatusCode.Ok, "taken");
    public static readonly Reply Later = new(ReplyCode.LocalError, EnhancedStatusCode.UndefinedTransient, "later");
    public static readonly Reply Never = new(ReplyCode.MailboxUnavailable, EnhancedStatusCode.NoSuchMailbox, "never");

    private int _made;

    public PartitionFixture(QueueSettings? settings = null)
    {
        Settings = settings ?? new QueueSettings { Schedule = RetrySchedule.Default with { Jitter = 0 } };
        State = new QueuePartitionState(Settings, new RouteTable([], null));
    }

    public QueueSettings Settings { get; }

    public QueuePartitionState State { get; set; }

    public DateTimeOffset Now { get; set; } = Start;

    public List<IQueueEvent> Journal { get; } = [];

    public QueueId NewId() => new(((UInt128)(ulong)Start.ToUnixTimeMilliseconds() << 64) + (UInt128)(ulong)++_made);

    public IQueueAnswer Do(IQueueCommand command)
    {
        var decision = State.Decide(command, Now, () => 0.5);
        if (decision.Event is { } @event)
        {
            Journal.Add(@event);
            State.Apply(@event);
        }

        return decision.Answer;
    }

    public QueueId Enqueue(string sender, params string[] recipients) =>
        Enqueue(sender, DsnNotify.Unspecified, recipients);

    public QueueId Enqueue(string sender, DsnNotify notify, params string[] recipients)
    {
        var id = NewId();
        Assert.IsType<MessageAccepted>(Do(new EnqueueMessage(id, Envelope(sender, notify, recipients), 100)));
        return id;
    }

    public static Envelope Envelope(string sender, DsnNotify notify, params string[] recipients) => new()
    {
        ReversePath = sender.Length == 0 ? ReversePath.Null : new ReversePath(MailAddress.Parse(sender)),
        Recipients = [.. recipients.Select(r => Recipient(MailAddress.Parse(r), notify))],
    };

    /// <summary>Addresses of hamburger.edu have a mailbox here, all others are remote.</summary>
    private static EnvelopeRecipient Recipient(MailAddress address, DsnNotify notify)
    {
        var path = new ForwardPath(address);
        DeliveryTarget target = address.Domain.Text == "hamburger.edu"
            ? new DeliveryTarget.Mailbox(new AccountId(address.LocalPart.Length), "")
            : new DeliveryTarget.Remote(address.Domain);
        return new EnvelopeRecipient(path, notify, null, [new ResolvedRecipient(path, target)]);
    }

    public void Record(QueueId id, OutcomeKind kind, Reply reply, params int[] recipients) =>
        Do(new RecordAttempt(id, [.. recipients.Select(i => new RecipientOutcome(i, kind, reply, "mx.example"))]));

    public QueueEntry Entry(QueueId id) => State.Find(id) ?? throw new InvalidOperationException($"{id} is not queued.");

    public T TakeOne<T>() where T : DueWork => Assert.IsType<T>(Assert.Single(State.TakeDue(Now, 100)));
}
