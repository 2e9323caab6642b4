using System.Globalization;
using System.Text.RegularExpressions;

namespace MailCluster.Faults.Load.Imap;

/// <summary>Reads the responses that the clients of this load look at.</summary>
internal static partial class ImapResponse
{
    /// <summary>A message's flags, as a session with QRESYNC is told of them.</summary>
    public static (uint Uid, long ModSeq, string Flags)? TryReadFlags(string line) =>
        FlagsLine().Match(line) is { Success: true } match
            ? (Number(match, 1), long.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture), match.Groups[3].Value)
            : null;

    public static (uint Uid, long ModSeq, string Flags, string Octets)? TryReadMessage(string line) =>
        MessageLine().Match(line) is { Success: true } match
            ? (Number(match, 1), long.Parse(match.Groups[3].Value, CultureInfo.InvariantCulture), match.Groups[2].Value,
                match.Groups[4].Value)
            : null;

    public static int? TryReadExists(string line) =>
        ExistsLine().Match(line) is { Success: true } match ? (int)Number(match, 1) : null;

    /// <summary>The UIDs of VANISHED, as they go or, after a SELECT, that went before.</summary>
    public static (bool Earlier, IReadOnlyList<uint> Uids)? TryReadVanished(string line)
    {
        if (VanishedLine().Match(line) is not { Success: true } match)
        {
            return null;
        }

        var uids = new List<uint>();
        foreach (var range in match.Groups[2].Value.Split(','))
        {
            var ends = range.Split(':').Select(end => uint.Parse(end, CultureInfo.InvariantCulture)).ToArray();
            for (var uid = ends[0]; uid <= ends[^1]; uid++)
            {
                uids.Add(uid);
            }
        }

        return (match.Groups[1].Success, uids);
    }

    /// <summary>The numbers behind a response code's name, where it is there.</summary>
    public static long[]? TryReadCode(string line, string code)
    {
        var at = line.IndexOf($"[{code} ", StringComparison.Ordinal);
        return at < 0
            ? null
            : [.. line[(at + code.Length + 2)..line.IndexOf(']', at)].Split(' ')
                .Select(number => long.Parse(number, CultureInfo.InvariantCulture))];
    }

    private static uint Number(Match match, int group) => uint.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\* \d+ FETCH \(UID (\d+) MODSEQ \((\d+)\) FLAGS \(([^)]*)\)\)$")]
    private static partial Regex FlagsLine();

    [GeneratedRegex(
        @"^\* \d+ FETCH \(UID (\d+) FLAGS \(([^)]*)\) MODSEQ \((\d+)\) BODY\[\] \{\d+\}\r\n(.*)\)$",
        RegexOptions.Singleline)]
    private static partial Regex MessageLine();

    [GeneratedRegex(@"^\* (\d+) EXISTS$")]
    private static partial Regex ExistsLine();

    [GeneratedRegex(@"^\* VANISHED (\(EARLIER\) )?([\d:,]+)$")]
    private static partial Regex VanishedLine();
}
