using CsCheck;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Mail.Tests.Mailboxes;

public sealed class UidSetTests
{
    private static readonly Gen<uint[]> Uids = Gen.UInt[0, 50].Array[0, 40];

    [Fact]
    public void Sets_are_as_those_of_plain_numbers() => Gen.Select(Uids, Uids).Sample((left, right) =>
    {
        var (one, other) = (Set(left), Set(right));
        AssertSame(left.Distinct(), one);
        AssertSame(left.Union(right), one.Union(other));
        AssertSame(left.Intersect(right), one.Intersect(other));
        AssertSame(left.Except(right), one.Except(other));
        Assert.All(Enumerable.Range(0, 51), uid => Assert.Equal(left.Contains((uint)uid), one.Contains(new Uid((uint)uid))));
    });

    [Theory]
    [InlineData("", "")]
    [InlineData("5,1,3", "1,3,5")]
    [InlineData("1:3,4:6", "1:6")]
    [InlineData("1:9,2:3", "1:9")]
    [InlineData("4294967294:4294967295,4294967295", "4294967294:4294967295")]
    [InlineData("0:4294967295", "0:4294967295")]
    public void Ranges_that_touch_are_one(string ranges, string expected) => Assert.Equal(expected, Parse(ranges).ToString());

    [Fact]
    public void Whole_range_of_numbers_has_an_end()
    {
        Assert.Equal(uint.MaxValue, UidSet.All.Count);
        Assert.True(UidSet.All.Except(UidSet.All).IsEmpty);
        Assert.Equal("1:4294967294", UidSet.All.Except(Parse("4294967295")).ToString());
        Assert.Equal([uint.MaxValue], Parse("4294967295").Uids().Select(uid => uid.Value));
    }

    private static UidSet Parse(string text) => UidSet.Of(text.Split(',', StringSplitOptions.RemoveEmptyEntries)
        .Select(range => range.Split(':'))
        .Select(ends => new UidRange(new Uid(uint.Parse(ends[0])), new Uid(uint.Parse(ends[^1])))));

    private static UidSet Set(uint[] uids) => UidSet.Of(uids.Select(uid => new Uid(uid)));

    private static void AssertSame(IEnumerable<uint> expected, UidSet set)
    {
        Assert.Equal(expected.Order(), set.Uids().Select(uid => uid.Value));
        Assert.Equal(expected.Count(), set.Count);
        Assert.All(set.Ranges.Zip(set.Ranges.Skip(1)), pair => Assert.True(pair.First.Last.Value + 1 < pair.Second.First.Value));
    }
}
