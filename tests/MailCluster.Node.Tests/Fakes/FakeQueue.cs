using System.Collections.Immutable;
using System.Globalization;
using MailCluster.Actors.Queue;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Envelopes;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Replies;
using MailCluster.Queue;

namespace MailCluster.Node.Tests.Fakes;

/// <summary>A queue without partitions: holds what a test puts in, and remembers what it was told to do.</summary>
internal sealed class FakeQueue : IQueueAdministration
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly SortedDictionary<QueueId, QueueEntryDetails> _entries = [];
    private readonly List<IQueueCommand> _executed = [];

    /// <summary>As in a fail-over: every question takes too long.</summary>
    public bool IsSilent { get; set; }

    public IReadOnlyList<IQueueCommand> Executed => _executed;

    public QueueId Add(
        int partition, string sender, string recipient, EntryStatus status = EntryStatus.Deferred,
        DateTimeOffset? at = null)
    {
        var accepted = at ?? Start;
        var id = QueueId.New(partition, accepted);
        var path = new ForwardPath(MailAddress.Parse(recipient));
        var reversePath = sender.Length == 0 ? ReversePath.Null : new ReversePath(MailAddress.Parse(sender));
        var reply = new Reply(ReplyCode.MailboxBusy, EnhancedStatusCode.MailboxFull, "Try later");
        var next = accepted + TimeSpan.FromMinutes(30);
        var summary = new QueueEntrySummary(id, status, reversePath, 1234, accepted, next, 1, path, reply.ToString());
        var target = new DeliveryTarget.Remote(path.Domain);
        _entries[id] = new QueueEntryDetails(
            summary, BodyType.SevenBit, false, "env+2B1", accepted + TimeSpan.FromDays(5),
            [new(path, target, RecipientStatus.Pending, 2, next, reply, "mx.crepes.fr[192.0.2.1]:25")]);
        return id;
    }

    public Task<ImmutableArray<QueueEntrySummary>> ListAsync(ListMessages query, CancellationToken cancellation)
    {
        ThrowIfSilent();
        return Task.FromResult<ImmutableArray<QueueEntrySummary>>(
            [.. _entries.Values.Select(entry => entry.Summary).Where(entry => Matches(entry, query)).Take(query.Limit)]);
    }

    public Task<ImmutableArray<QueueEntrySummary>> ListAsync(
        int partition, ListMessages query, CancellationToken cancellation) => ListAsync(query, cancellation);

    public Task<QueueEntryDetails?> ShowAsync(QueueId id, CancellationToken cancellation)
    {
        ThrowIfSilent();
        return Task.FromResult(_entries.GetValueOrDefault(id));
    }

    public Task<bool> ExecuteAsync(IQueueCommand command, CancellationToken cancellation)
    {
        ThrowIfSilent();
        lock (_executed)
        {
            if (!_entries.ContainsKey(command.QueueId))
            {
                return Task.FromResult(false);
            }

            _executed.Add(command);
            return Task.FromResult(true);
        }
    }

    private static bool Matches(QueueEntrySummary entry, ListMessages query) =>
        (query.After is not { } after || entry.Id > after)
        && (query.Destination is not { } destination || entry.FirstRecipient.Domain == destination)
        && (query.Sender is not { } sender || entry.ReversePath.ToAddressText() == sender)
        && (query.Recipient is not { } recipient || entry.FirstRecipient.Address.ToString() == recipient)
        && (query.Status is not { } status || entry.Status == status);

    private void ThrowIfSilent()
    {
        if (IsSilent)
        {
            throw new TimeoutException(string.Create(CultureInfo.InvariantCulture, $"partition {7} did not answer"));
        }
    }
}
