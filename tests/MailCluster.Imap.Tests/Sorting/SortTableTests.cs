using System.Collections.Immutable;
using MailCluster.Imap.Sorting;
using MailCluster.Mail.Mailboxes;
using MailCluster.Mail.Structure;

namespace MailCluster.Imap.Tests.Sorting;

public sealed class SortTableTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(SortTable.Step)]
    [InlineData(SortTable.Step + 1)]
    [InlineData((5 * SortTable.Step) + 17)]
    public void Any_number_of_messages_comes_out_in_order_and_equal_ones_as_they_were(int count)
    {
        var random = new Random(count);
        var subjects = Enumerable.Range(0, count).Select(_ => $"Subject {random.Next(50)}").ToArray();
        var table = Table(long.MaxValue, new(SortKey.Subject, IsReversed: true), new(SortKey.Size, IsReversed: false));
        for (var i = 0; i < count; i++)
        {
            Assert.True(table.TryAdd(Message(i + 1, i % 7), new MessageSortKeys { BaseSubject = subjects[i] }));
        }

        uint[] order = [];
        var steps = table.Sort(done => order = done).Count();
        var expected = Enumerable.Range(0, count)
            .OrderByDescending(i => subjects[i].ToUpperInvariant(), StringComparer.Ordinal).ThenBy(i => i % 7)
            .Select(i => (uint)i + 1);
        Assert.Equal(expected, order);
        Assert.Equal(count > SortTable.Step, steps > 0);
    }

    [Theory]
    [InlineData("apple", "BANANA", -1)]
    [InlineData("APPLE", "apple", 0)]
    [InlineData("", "a", -1)]
    [InlineData("a", "ab", -1)]
    [InlineData("z", "\u00e4", -1)]
    [InlineData("\u00c4", "\u00e4", 0)]
    public void Texts_are_compared_without_case(string left, string right, int expected)
    {
        var table = Table(long.MaxValue, new SortCriterion(SortKey.From, IsReversed: false));
        table.TryAdd(Message(1), new MessageSortKeys { FromMailbox = right });
        table.TryAdd(Message(2), new MessageSortKeys { FromMailbox = left });
        // The second comes behind the first where they are equal.
        Assert.Equal(expected < 0 ? -1 : 1, Math.Sign(table.Compare(1, 0)));
        Assert.Equal(expected < 0 ? 1 : -1, Math.Sign(table.Compare(0, 1)));
    }

    [Fact]
    public void A_message_without_a_date_counts_as_sent_when_it_came()
    {
        var table = Table(long.MaxValue, new SortCriterion(SortKey.Date, IsReversed: false));
        table.TryAdd(Message(1), new MessageSortKeys { SentAt = FakeMailbox.Now.AddHours(1) });
        table.TryAdd(Message(2), MessageSortKeys.Empty);
        Assert.True(table.Compare(1, 0) < 0);
    }

    [Fact]
    public void Texts_beyond_the_limit_are_refused_and_numbers_need_none()
    {
        var texts = Table(100_000, new SortCriterion(SortKey.Subject, IsReversed: false));
        var numbers = Table(0, new SortCriterion(SortKey.Size, IsReversed: false));
        var keys = new MessageSortKeys { BaseSubject = new string('x', 2 * SortTable.LongestText) };
        var fitting = Enumerable.Range(1, 1_000).TakeWhile(uid => texts.TryAdd(Message(uid), keys)).Count();
        Assert.InRange(fitting, 60, 100);
        Assert.All(Enumerable.Range(1, 1_000), uid => Assert.True(numbers.TryAdd(Message(uid), keys)));
    }

    private static SortTable Table(long maxOctets, params ImmutableArray<SortCriterion> criteria) => new(criteria, maxOctets);

    private static FetchedMessage Message(int uid, long size = 1) => new(new Uid((uint)uid), 1, MessageFlags.None, [])
    {
        Size = size,
        InternalDate = FakeMailbox.Now,
        SaveDate = FakeMailbox.Now,
    };
}
