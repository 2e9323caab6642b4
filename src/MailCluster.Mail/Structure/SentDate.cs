using System.Globalization;

namespace MailCluster.Mail.Structure;

/// <summary>
/// The sent date of RFC 5256 §2.2: a missing or bad time is midnight, a missing or bad zone is UTC, without a date
/// there is none. Reads RFC 5322 §3.3 and the old forms of §4.3.
/// </summary>
internal static class SentDate
{
    private const string Months = "janfebmaraprmayjunjulaugsepoctnovdec";

    public static DateTimeOffset? Parse(string? field)
    {
        if (field is null || field.Length > 256)
        {
            return null;
        }

        // "Tue,1 Jul 2003" and "Tue, 1 Jul 2003" alike; what is in a comment comes behind the zone and is not read.
        var words = field.Replace(',', ' ').Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        var first = words.Length > 0 && !char.IsAsciiDigit(words[0][0]) ? 1 : 0;
        if (words.Length < first + 3 || Date(words.AsSpan(first, 3)) is not { } date)
        {
            return null;
        }

        var rest = words.AsSpan(first + 3);
        var time = rest.IsEmpty ? null : Time(rest[0]);
        var zone = rest.Length < 2 || time is null ? TimeSpan.Zero : Zone(rest[1]);
        var ticks = (date + (time ?? TimeSpan.Zero)).Ticks - zone.Ticks;
        return ticks >= 0 && ticks <= DateTime.MaxValue.Ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
    }

    private static DateTime? Date(ReadOnlySpan<string> words)
    {
        var month = words[1].Length == 3
            ? Months.IndexOf(words[1], StringComparison.OrdinalIgnoreCase)
            : -1;
        if (month < 0 || month % 3 != 0 || Number(words[0]) is not { } day || Number(words[2]) is not { } year)
        {
            return null;
        }

        // RFC 5322 §4.3: two digits below 50 are of this century, and three count from 1900.
        var full = words[2].Length switch { 2 when year < 50 => year + 2000, 2 or 3 => year + 1900, _ => year };
        month = (month / 3) + 1;
        return full is >= 1 and <= 9999 && day >= 1 && day <= DateTime.DaysInMonth(full, month)
            ? new DateTime(full, month, day, 0, 0, 0, DateTimeKind.Utc)
            : null;
    }

    private static TimeSpan? Time(string word)
    {
        var pieces = word.Split(':');
        if (pieces.Length is not (2 or 3)
            || Number(pieces[0]) is not { } hour || Number(pieces[1]) is not { } minute
            || Number(pieces.Length == 3 ? pieces[2] : "0") is not { } second)
        {
            return null;
        }

        return hour < 24 && minute < 60 && second <= 60 ? new TimeSpan(hour, minute, Math.Min(second, 59)) : null;
    }

    private static TimeSpan Zone(string word)
    {
        if (word.Length == 5 && word[0] is '+' or '-' && Number(word[1..]) is { } offset && offset % 100 < 60)
        {
            var length = new TimeSpan(offset / 100, offset % 100, 0);
            return word[0] == '-' ? -length : length;
        }

        return word.ToUpperInvariant() switch
        {
            "EDT" => TimeSpan.FromHours(-4),
            "EST" or "CDT" => TimeSpan.FromHours(-5),
            "CST" or "MDT" => TimeSpan.FromHours(-6),
            "MST" or "PDT" => TimeSpan.FromHours(-7),
            "PST" => TimeSpan.FromHours(-8),
            _ => TimeSpan.Zero,
        };
    }

    private static int? Number(string word) =>
        word.Length is >= 1 and <= 4
        && int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
