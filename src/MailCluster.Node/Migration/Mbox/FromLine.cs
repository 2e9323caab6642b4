using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MailCluster.Node.Migration.Mbox;

/// <summary>
/// The line before each message of an mbox (RFC 4155): "From ", the reverse-path, and a date as asctime writes it. It
/// must have the date, so that a sentence that begins with "From" begins no message.
/// </summary>
internal static partial class FromLine
{
    /// <summary>Octets of the longest line that is looked at.</summary>
    private const int MaxLength = 1000;

    private static readonly string[] Formats =
    [
        "MMM d HH:mm:ss yyyy", "MMM d HH:mm yyyy",
    ];

    public static bool TryParse(ReadOnlySpan<byte> line, out DateTimeOffset date)
    {
        date = default;
        if (!line.StartsWith("From "u8) || line.Length > MaxLength)
        {
            return false;
        }

        var match = Date().Match(Encoding.Latin1.GetString(line).TrimEnd('\r', '\n', ' '));
        if (!match.Success || !DateTime.TryParseExact(
            $"{match.Groups["day"].ValueSpan} {match.Groups["time"].ValueSpan} {match.Groups["year"].ValueSpan}", Formats,
            CultureInfo.InvariantCulture, DateTimeStyles.AllowInnerWhite, out var local))
        {
            return false;
        }

        date = new DateTimeOffset(local, Zone(match.Groups["zone"].Value));
        return true;
    }

    /// <summary>Only numbers say what they mean; without one it is UTC, as RFC 4155 has it.</summary>
    private static TimeSpan Zone(string zone)
    {
        if (zone.Length != 5 || !int.TryParse(zone[1..], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return TimeSpan.Zero;
        }

        var offset = TimeSpan.FromMinutes((number / 100 * 60) + (number % 100));
        return offset > TimeSpan.FromHours(14) ? TimeSpan.Zero : zone[0] == '-' ? -offset : offset;
    }

    [GeneratedRegex(
        @"\s(Mon|Tue|Wed|Thu|Fri|Sat|Sun),?\s+(?<day>(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\s+\d{1,2})"
        + @"\s+(?<time>\d{2}:\d{2}(:\d{2})?)(\s+(?<zone>[+-]\d{4}|[A-Z]{1,5}))?\s+(?<year>\d{4})(\s+(?<zone>[+-]\d{4}|[A-Z]{1,5}))?$",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Date();
}
