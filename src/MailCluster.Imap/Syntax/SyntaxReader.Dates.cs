using System.Globalization;

namespace MailCluster.Imap.Syntax;

/// <summary>Dates (RFC 9051 §9, date and date-time).</summary>
internal ref partial struct SyntaxReader
{
    private static readonly string[] Months =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

    /// <summary><c>1-Feb-1994</c>, with quotes or without.</summary>
    public DateOnly Date()
    {
        var quoted = Try('"');
        var day = DateText(NumberOf(1, 2));
        if (quoted)
        {
            Expect('"');
        }

        return day;
    }

    /// <summary><c>"17-Jul-1996 02:44:25 -0700"</c>; a day of one digit stands behind a space.</summary>
    public DateTimeOffset DateTime()
    {
        Expect('"');
        var date = DateText(Try(' ') ? NumberOf(1, 1) : NumberOf(2, 2));
        Space();
        var hour = NumberOf(2, 2);
        Expect(':');
        var minute = NumberOf(2, 2);
        Expect(':');
        var second = NumberOf(2, 2);
        Space();
        var isWest = Try('-');
        if (!isWest)
        {
            Expect('+');
        }

        var zone = NumberOf(4, 4);
        Expect('"');
        if (hour > 23 || minute > 59 || second > 60 || zone / 100 > 13 || zone % 100 > 59)
        {
            Fail("a time that there is before here");
        }

        if (Error is not null)
        {
            return default;
        }

        var offset = new TimeSpan(zone / 100, zone % 100, 0);
        var time = new TimeOnly(hour, minute, Math.Min(second, 59)); // a leap second
        var local = date.ToDateTime(time);
        offset = isWest ? -offset : offset;
        var utc = local.Ticks - offset.Ticks;
        return utc < System.DateTime.MinValue.Ticks || utc > System.DateTime.MaxValue.Ticks
            ? new DateTimeOffset(local, TimeSpan.Zero) // the first and the last day of time, in a zone that goes beyond
            : new DateTimeOffset(local, offset);
    }

    private DateOnly DateText(int day)
    {
        Expect('-');
        var month = 0;
        for (var i = 0; i < Months.Length && month == 0; i++)
        {
            month = TryWord(Months[i]) ? i + 1 : 0;
        }

        if (month == 0)
        {
            Fail("the name of a month");
        }

        Expect('-');
        var year = NumberOf(4, 4);
        if (Error is null && (year == 0 || day == 0 || day > System.DateTime.DaysInMonth(year, month)))
        {
            Fail("a day that there is before here");
        }

        return Error is null ? new DateOnly(year, month, day) : default;
    }

    private int NumberOf(int fewest, int most)
    {
        var length = Rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        length = Math.Min(length < 0 ? Rest.Length : length, most);
        if (length < fewest)
        {
            Fail("a number of a date");
            return 0;
        }

        var value = int.Parse(Rest[..length], NumberStyles.None, CultureInfo.InvariantCulture);
        _at += length;
        return value;
    }
}
