using MailCluster.Mail.Addresses;
using MailCluster.Mail.Identity;

namespace MailCluster.Queue.Tests.Partitions;

public sealed class EntryQueriesTests
{
    private static readonly ListMessages All = new(null, null, null, null, 100, null);

    private readonly PartitionFixture _queue = new();
    private readonly QueueId[] _ids;

    public EntryQueriesTests()
    {
        _ids =
        [
            _queue.Enqueue("a@b.example", "x@one.example"),
            _queue.Enqueue("", "Y@two.example", "x@one.example"),
            _queue.Enqueue("c@b.example", "z@three.example"),
        ];
        _queue.Do(new HoldMessage(_ids[0]));
        _queue.Record(_ids[1], OutcomeKind.Deferred, PartitionFixture.Later, 0, 1);
    }

    public static TheoryData<ListMessages, int[]> Filters => new()
    {
        { All, [0, 1, 2] },
        { All with { Destination = DomainName.Parse("one.example") }, [0, 1] },
        { All with { Destination = DomainName.Parse("four.example") }, [] },
        { All with { Sender = "A@b.example" }, [0] },
        { All with { Sender = "" }, [1] },
        { All with { Recipient = "y@TWO.example" }, [1] },
        { All with { Status = EntryStatus.Held }, [0] },
        { All with { Status = EntryStatus.Deferred }, [1] },
        { All with { Status = EntryStatus.Active }, [2] },
        { All with { Destination = DomainName.Parse("one.example"), Status = EntryStatus.Deferred }, [1] },
        { All with { Limit = 2 }, [0, 1] },
        { All with { Limit = 0 }, [] },
        { All with { Limit = -1 }, [] },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public void A_listing_has_what_matches_all_filters_in_the_order_of_ids(ListMessages query, int[] found) =>
        Assert.Equal(found.Select(i => _ids[i]), List(query).Select(entry => entry.Id));

    [Fact]
    public void Page_by_page_all_is_listed_once()
    {
        var seen = new List<QueueId>();
        for (QueueId? after = null; List(All with { Limit = 1, After = after }) is [var entry]; after = entry.Id)
        {
            seen.Add(entry.Id);
        }

        Assert.Equal(_ids, seen);
    }

    [Fact]
    public void A_line_tells_what_the_entry_waits_for_and_why()
    {
        var line = List(All)[1];

        Assert.Equal(2, line.PendingRecipients);
        Assert.Equal(_queue.Now + TimeSpan.FromMinutes(30), line.NextAttemptAt);
        Assert.Equal("451 4.0.0 later", line.LastReply);
        Assert.Null(List(All)[0].NextAttemptAt); // held: there is none
    }

    [Fact]
    public void One_entry_is_shown_with_each_recipient()
    {
        _queue.Record(_ids[1], OutcomeKind.Delivered, PartitionFixture.Ok, 0);

        var recipients = Show(_ids[1])!.Recipients;

        Assert.Equal([RecipientStatus.Delivered, RecipientStatus.Pending], recipients.Select(r => r.Status));
        Assert.Null(recipients[0].NextAttemptAt);
        Assert.Equal(PartitionFixture.Later, recipients[1].LastReply);
        Assert.Equal("mx.example", recipients[1].LastRemote);
        Assert.Null(Show(_queue.NewId()));
    }

    private IReadOnlyList<QueueEntrySummary> List(ListMessages query) =>
        Assert.IsType<MessageList>(_queue.State.Answer(query, _queue.Now)).Entries;

    private QueueEntryDetails? Show(QueueId id) =>
        Assert.IsType<MessageDetails>(_queue.State.Answer(new GetMessage(id), _queue.Now)).Entry;
}
