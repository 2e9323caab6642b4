using System.Globalization;
using CsCheck;
using MailCluster.Mail.Headers;
using MimeKit.Utils;

namespace MailCluster.Mail.Tests.Headers;

public sealed class MailDateTests
{
    [Theory]
    [InlineData("2026-11-23T03:32:28+00:00", "Mon, 23 Nov 2026 03:32:28 +0000")]
    [InlineData("2026-02-01T23:00:01+05:30", "Sun, 1 Feb 2026 23:00:01 +0530")]
    [InlineData("2026-12-31T00:00:00-03:30", "Thu, 31 Dec 2026 00:00:00 -0330")]
    [InlineData("2026-12-31T00:00:00-00:30", "Thu, 31 Dec 2026 00:00:00 -0030")]
    public void Date_is_written_as_in_rfc_5322(string at, string expected) =>
        Assert.Equal(expected, MailDate.Format(DateTimeOffset.Parse(at, CultureInfo.InvariantCulture)));

    [Fact]
    public void Every_date_is_read_back() =>
        Gen.Select(Gen.Long[0, 4_102_444_800], Gen.Int[-12 * 60, 14 * 60]).Sample((seconds, minutes) =>
        {
            var at = DateTimeOffset.FromUnixTimeSeconds(seconds).ToOffset(TimeSpan.FromMinutes(minutes));
            Assert.True(DateUtils.TryParse(MailDate.Format(at), out var again));
            Assert.Equal(at, again);
            Assert.Equal(at.Offset, again.Offset);
        });
}
