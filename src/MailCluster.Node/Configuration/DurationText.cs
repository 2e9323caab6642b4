using System.Globalization;

namespace MailCluster.Node.Configuration;

/// <summary>
/// Durations as operators write them: <c>5d</c>, <c>4h</c>, <c>30m</c>, <c>2s</c>, <c>250ms</c>, <c>hh:mm:ss</c>.
/// </summary>
internal static class DurationText
{
    private const string ClockFormat = @"hh\:mm\:ss";

    private static readonly (string Unit, long Ticks)[] Units =
    [
        ("d", TimeSpan.TicksPerDay), ("h", TimeSpan.TicksPerHour), ("m", TimeSpan.TicksPerMinute),
        ("s", TimeSpan.TicksPerSecond), ("ms", TimeSpan.TicksPerMillisecond),
    ];

    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        if (text.Contains(':'))
        {
            return TimeSpan.TryParseExact(text, ClockFormat, CultureInfo.InvariantCulture, out duration);
        }

        duration = default;
        var digits = text.IndexOfAnyExceptInRange('0', '9');
        if (digits < 0
            || !long.TryParse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return false;
        }

        var unit = text[digits..].TrimStart();
        foreach (var (name, ticks) in Units)
        {
            if (unit.Equals(name, StringComparison.OrdinalIgnoreCase) && count <= long.MaxValue / ticks)
            {
                duration = TimeSpan.FromTicks(count * ticks);
                return true;
            }
        }

        return false;
    }

    /// <exception cref="FormatException">The text is no duration.</exception>
    public static TimeSpan Parse(string text) =>
        TryParse(text, out var duration) ? duration : throw new FormatException($"'{text}' is not a duration.");

    /// <summary>In the largest unit that keeps the number whole.</summary>
    public static string Write(TimeSpan duration)
    {
        foreach (var (name, ticks) in Units)
        {
            if (duration.Ticks >= ticks && duration.Ticks % ticks == 0)
            {
                return (duration.Ticks / ticks).ToString(CultureInfo.InvariantCulture) + name;
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{(long)duration.TotalMilliseconds}ms");
    }
}
