using CsCheck;
using MailCluster.Imap.Sessions;
using MailCluster.Imap.Syntax;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Tests.Sessions;

public sealed class MessageNumbersTests
{
    private static readonly Gen<uint[]> Uids = Gen.UInt[1, 60].Array[0, 40];

    [Fact]
    public void Numbers_are_those_of_a_sorted_list() => Gen.Select(Uids, Uids, Uids).Sample((first, added, removed) =>
    {
        var numbers = new MessageNumbers(Set(first));
        var list = first.Distinct().Order().ToList();
        Assert.Equal(added.Except(list).Count(), numbers.Add(Set(added)));
        list = [.. list.Union(added).Order()];
        AssertSame(list, numbers);

        var told = numbers.Remove(Set(removed));
        foreach (var number in told)
        {
            Assert.Contains(list[number - 1], removed);
            list.RemoveAt(number - 1); // as a client hears it, one behind the other
        }

        Assert.Empty(list.Intersect(removed));
        AssertSame(list, numbers);
    });

    [Fact]
    public void Sets_are_turned_into_numbers_and_back() => Gen.Select(Uids, Uids).Sample((there, some) =>
    {
        var numbers = new MessageNumbers(Set(there));
        var named = numbers.NumbersOf(Set(some)).ToList();
        Assert.Equal(
            there.Distinct().Order().Intersect(some),
            named.SelectMany(range => numbers.UidsOf((int)range.First, (int)range.Last))
                .SelectMany(range => UidSet.Of(range).Uids()).Select(uid => uid.Value));
        Assert.All(named.Zip(named.Skip(1)), pair => Assert.True(pair.First.Last + 1 < pair.Second.First));
    });

    [Theory]
    [InlineData("1", "1")]
    [InlineData("3:1,2:5,5", "1:5")]
    [InlineData("*,1", "1,9")]
    [InlineData("4:*,*:7,2", "2,4:9")]
    [InlineData("10:12", "10:12")]
    public void Set_in_order(string sent, string expected)
    {
        var reader = new SyntaxReader(System.Text.Encoding.ASCII.GetBytes(sent), false, default);
        Assert.Equal(
            expected,
            string.Join(',', reader.SequenceSet().ToNumbers(9).Select(r => r.Low == r.High ? $"{r.Low}" : $"{r.Low}:{r.High}")));
    }

    private static UidSet Set(uint[] uids) => UidSet.Of(uids.Select(uid => new Uid(uid)));

    private static void AssertSame(List<uint> expected, MessageNumbers numbers)
    {
        Assert.Equal(expected.Count, numbers.Count);
        Assert.Equal(expected.LastOrDefault(), numbers.Last);
        Assert.Equal(expected, Enumerable.Range(1, numbers.Count).Select(number => numbers.UidOf(number).Value));
        Assert.All(Enumerable.Range(1, 60), uid =>
            Assert.Equal(expected.IndexOf((uint)uid) + 1, numbers.NumberOf(new Uid((uint)uid))));
    }
}
