using CsCheck;
using MailCluster.Mail.Identity;

namespace MailCluster.Mail.Tests.Identity;

public sealed class QueueIdTests
{
    private static readonly Gen<UInt128> Number = Gen.Select(Gen.ULong, Gen.ULong, (high, low) => new UInt128(high, low));

    private static readonly Gen<DateTimeOffset> Time =
        Gen.Long[0, 253_402_300_799_999].Select(DateTimeOffset.FromUnixTimeMilliseconds);

    [Fact]
    public void Text_and_bytes_are_read_back() =>
        Number.Sample(value =>
        {
            var id = new QueueId(value);
            Assert.Equal(26, id.ToString().Length);
            Assert.Equal(id, QueueId.Parse(id.ToString(), null));
            Assert.Equal(id, QueueId.Parse(id.ToString().ToLowerInvariant(), null));
            Assert.Equal(id, QueueId.FromBytes(id.ToByteArray()));
            Assert.Equal(new BodyId(value), id.Body);
            Assert.Equal(id, BodyId.FromBytes(id.Body.ToByteArray()).QueueId);
        });

    [Fact]
    public void Text_and_bytes_sort_like_the_id() =>
        Gen.Select(Number, Number).Sample((left, right) =>
        {
            var order = Math.Sign(new QueueId(left).CompareTo(new QueueId(right)));
            var text = string.CompareOrdinal(new QueueId(left).ToString(), new QueueId(right).ToString());
            var bytes = new QueueId(left).ToByteArray().AsSpan().SequenceCompareTo(new QueueId(right).ToByteArray());
            Assert.Equal(order, Math.Sign(text));
            Assert.Equal(order, Math.Sign(bytes));
            Assert.Equal(order < 0, new QueueId(left) < new QueueId(right));
            Assert.Equal(order >= 0, new QueueId(left) >= new QueueId(right));
        });

    [Fact]
    public void Id_tells_its_partition_and_its_time() =>
        Gen.Select(Gen.Int[0, ushort.MaxValue], Time).Sample((partition, time) =>
        {
            var id = QueueId.New(partition, time);
            Assert.Equal(partition, id.Partition);
            Assert.Equal(time, id.CreatedAt);
        });

    [Fact]
    public void Ids_of_one_partition_sort_by_age() =>
        Gen.Select(Gen.Int[0, ushort.MaxValue], Time, Gen.Int[1, 1_000_000]).Sample((partition, time, later) =>
            Assert.True(QueueId.New(partition, time) < QueueId.New(partition, time.AddMilliseconds(later))));

    [Fact]
    public void Two_ids_of_one_moment_differ() =>
        Assert.NotEqual(QueueId.New(1, DateTimeOffset.UnixEpoch), QueueId.New(1, DateTimeOffset.UnixEpoch));

    [Theory]
    [InlineData("")]
    [InlineData("0000000000000000000000000")]
    [InlineData("000000000000000000000000000")]
    [InlineData("0000000000000000000000000U")]
    [InlineData("0000000000000000000000000-")]
    [InlineData("80000000000000000000000000")] // more than 128 bits
    [InlineData("ZZZZZZZZZZZZZZZZZZZZZZZZZZ")]
    [InlineData("0000000000000000000000000\u017F")] // a long s, which is S in upper case
    public void What_is_no_id_is_refused(string text)
    {
        Assert.False(QueueId.TryParse(text, null, out _));
        Assert.Throws<FormatException>(() => QueueId.Parse(text, null));
    }

    [Fact]
    public void Missing_text_is_refused() => Assert.False(QueueId.TryParse(null, null, out _));

    [Fact]
    public void Largest_id_is_read() => Assert.Equal(
        new QueueId(UInt128.MaxValue), QueueId.Parse("7ZZZZZZZZZZZZZZZZZZZZZZZZZ", null));

    [Fact]
    public void Random_text_never_throws() =>
        Gen.String.Sample(text => Assert.False(QueueId.TryParse(text, null, out var id) && id.ToString().Length != 26));

    [Theory]
    [InlineData(-1)]
    [InlineData(65536)]
    public void Partition_out_of_range_is_a_bug(int partition) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => QueueId.New(partition, DateTimeOffset.UnixEpoch));

    [Fact]
    public void Session_id_is_thirteen_letters()
    {
        Assert.Equal(13, SessionId.New().ToString().Length);
        Assert.NotEqual(SessionId.New(), SessionId.New());
    }
}
