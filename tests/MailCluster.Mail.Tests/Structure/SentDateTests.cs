using System.Globalization;
using MailCluster.Mail.Structure;

namespace MailCluster.Mail.Tests.Structure;

public sealed class SentDateTests
{
    [Theory]
    [InlineData("Tue, 1 Jul 2003 10:52:37 +0200", "2003-07-01T08:52:37")]
    [InlineData("1 Jul 2003 10:52 -0130", "2003-07-01T12:22:00")]
    [InlineData("Tue,01 jul 2003 10:52:37 GMT (really)", "2003-07-01T10:52:37")]
    [InlineData("Thu, 13 Feb 69 23:32 EST", "1969-02-14T04:32:00")]
    [InlineData("21 Nov 49 09:55:06 PDT", "2049-11-21T16:55:06")]
    [InlineData("1 Jul 103 00:00:00 Z", "2003-07-01T00:00:00")]
    [InlineData("1 Jul 2003 10:52:60 +0000", "2003-07-01T10:52:59")]
    [InlineData("1 Jul 2003", "2003-07-01T00:00:00")]
    [InlineData("1 Jul 2003 noon +0200", "2003-07-01T00:00:00")]
    [InlineData("1 Jul 2003 25:00:00 +0200", "2003-07-01T00:00:00")]
    [InlineData("1 Jul 2003 10:52:37 somewhere", "2003-07-01T10:52:37")]
    [InlineData("1 Jul 2003 10:52:37 +0299", "2003-07-01T10:52:37")]
    [InlineData("1 Jul 2003 10:52:37", "2003-07-01T10:52:37")]
    public void Date_is_this_instant(string field, string utc) =>
        Assert.Equal(
            DateTimeOffset.Parse(utc, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
            SentDate.Parse(field));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("Tue, 31 Feb 2003 10:52:37 +0200")]
    [InlineData("1 Foo 2003 10:52:37 +0200")]
    [InlineData("1 ulA 2003 10:52:37 +0200")]
    [InlineData("1 Jul")]
    [InlineData("0 Jul 2003")]
    [InlineData("1 Jul 0")]
    [InlineData("1 Jan 1 00:00:00 +2300")]
    [InlineData("-1 Jul 2003")]
    public void What_is_no_date_has_no_instant(string? field) => Assert.Null(SentDate.Parse(field));
}
