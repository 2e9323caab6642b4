using CsCheck;
using MailCluster.Node.Configuration;

namespace MailCluster.Node.Tests.Configuration;

public sealed class ValueTextTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("1000", 1000)]
    [InlineData("64KB", 64_000)]
    [InlineData("64 kib", 65_536)]
    [InlineData("50MB", 50_000_000)]
    [InlineData("25MiB", 26_214_400)]
    [InlineData("2GB", 2_000_000_000)]
    [InlineData("1GiB", 1_073_741_824)]
    public void Sizes_are_read(string text, long octets)
    {
        Assert.True(SizeText.TryParse(text, out var read));
        Assert.Equal(octets, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("MB")]
    [InlineData("-1")]
    [InlineData("1.5MB")]
    [InlineData("50 MBit")]
    [InlineData("99999999999GB")]
    [InlineData("9999999999999999999999")]
    public void What_is_no_size_is_refused(string text) => Assert.False(SizeText.TryParse(text, out _));

    [Theory]
    [InlineData("0s", 0)]
    [InlineData("250ms", 250)]
    [InlineData("2s", 2000)]
    [InlineData("30m", 1_800_000)]
    [InlineData("4H", 14_400_000)]
    [InlineData("5 d", 432_000_000)]
    [InlineData("01:02:03", 3_723_000)]
    public void Durations_are_read(string text, long milliseconds)
    {
        Assert.True(DurationText.TryParse(text, out var read));
        Assert.Equal(milliseconds, read.TotalMilliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("-5s")]
    [InlineData("1.5h")]
    [InlineData("5 weeks")]
    [InlineData("25:00:00")]
    [InlineData("1:2:3")]
    [InlineData("99999999999999d")]
    public void What_is_no_duration_is_refused(string text) => Assert.False(DurationText.TryParse(text, out _));

    [Fact]
    public void A_size_that_is_written_reads_the_same() =>
        Gen.Long[0, long.MaxValue].Sample(octets => SizeText.Parse(SizeText.Write(octets)) == octets);

    [Fact]
    public void A_duration_that_is_written_reads_the_same() =>
        Gen.Long[0, 1L << 50].Sample(milliseconds =>
        {
            var duration = TimeSpan.FromMilliseconds(milliseconds / 1000 * 1000 % 900_000_000_000);
            return DurationText.Parse(DurationText.Write(duration)) == duration;
        });

    [Fact]
    public void No_text_makes_a_reader_throw() =>
        Gen.String.Sample(text =>
        {
            _ = SizeText.TryParse(text, out _);
            _ = DurationText.TryParse(text, out _);
            _ = SettingKinds.Network.TryParse(text, out _);
            _ = SettingKinds.DnsServer.TryParse(text, out _);
            _ = SettingKinds.Percentage(50).TryParse(text, out _);
            _ = SettingKinds.DomainPattern.TryParse(text, out _);
            return EditDistance.Between(text, text) == 0;
        });
}
