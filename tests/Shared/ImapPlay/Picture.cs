using System.Globalization;
using System.Text.RegularExpressions;

namespace MailCluster.ImapPlay;

/// <summary>What a client knows of its mailbox, from the responses that it saw and nothing else.</summary>
internal sealed partial class Picture
{
    public List<PicturedMessage> Messages { get; } = [];

    public uint UidValidity { get; private set; }

    /// <summary>What RFC 7162 §6 has a client remember; 0 where it may not.</summary>
    public long ModSeq { get; private set; }

    /// <summary>In this order with the rest of the mailbox, which is not known yet.</summary>
    public bool IsComplete => Messages.TrueForAll(message => message.Uid is not null && message.Flags is not null);

    private long _told;
    private long? _code;

    /// <summary>One untagged response. Throws where it cannot be right in this picture.</summary>
    /// <param name="mayExpunge">RFC 9051 §7.5.1.</param>
    public void See(string line, bool mayExpunge)
    {
        if (Exists().Match(line) is { Success: true } exists)
        {
            var count = Number(exists.Groups[1].Value);
            Play.Require(count >= Messages.Count, $"fewer messages without an EXPUNGE: {line}");
            while (Messages.Count < count)
            {
                Messages.Add(new PicturedMessage());
            }
        }
        else if (Expunge().Match(line) is { Success: true } expunge)
        {
            Play.Require(mayExpunge, $"not now: {line}");
            Messages.RemoveAt(Place(expunge.Groups[1].Value, line));
        }
        else if (Vanished().Match(line) is { Success: true } vanished)
        {
            Play.Require(mayExpunge, $"not now: {line}");
            foreach (var uid in Uids(vanished.Groups[1].Value))
            {
                Messages.RemoveAt(PlaceOf(uid, line));
            }
        }
        else if (Fetch().Match(line) is { Success: true } fetch)
        {
            See(Messages[Place(fetch.Groups[1].Value, line)], fetch.Groups[2].Value);
        }

        if (Code().Match(line) is { Success: true } code)
        {
            _code = long.Parse(code.Groups[1].Value, CultureInfo.InvariantCulture);
        }

        if (Validity().Match(line) is { Success: true } validity)
        {
            UidValidity = uint.Parse(validity.Groups[1].Value, CultureInfo.InvariantCulture);
        }
    }

    /// <summary>RFC 7162 §6: a code counts whatever was heard, else the highest that was heard.</summary>
    public void SeeTagged(string line)
    {
        See(line, mayExpunge: true);
        ModSeq = _code ?? Math.Max(ModSeq, _told);
        (_code, _told) = (null, 0);
    }

    /// <summary>As a client begins that comes again.</summary>
    public static IEnumerable<uint> EarlierVanished(string line) =>
        Earlier().Match(line) is { Success: true } earlier ? Uids(earlier.Groups[1].Value) : [];

    public static IEnumerable<uint> Uids(string set) => set.Split(',', StringSplitOptions.RemoveEmptyEntries)
        .Select(range => range.Split(':'))
        .SelectMany(ends => Enumerable.Range(Number(ends[0]), Number(ends[^1]) - Number(ends[0]) + 1))
        .Select(uid => (uint)uid);

    public override string ToString() => string.Join(", ", Messages);

    private void See(PicturedMessage message, string items)
    {
        if (UidItem().Match(items) is { Success: true } uid)
        {
            var value = uint.Parse(uid.Groups[1].Value, CultureInfo.InvariantCulture);
            Play.Require(message.Uid is null || message.Uid == value, $"message {message} has another UID: {items}");
            message.Uid = value;
        }

        if (FlagsItem().Match(items) is { Success: true } flags)
        {
            message.Flags = ImapPlay.Flags.Sorted(ImapPlay.Flags.Split(flags.Groups[1].Value));
        }

        if (ModSeqItem().Match(items) is { Success: true } modseq)
        {
            message.ModSeq = long.Parse(modseq.Groups[1].Value, CultureInfo.InvariantCulture);
            Play.Require(message.ModSeq > 0, $"MODSEQ 0: {items}");
            _told = Math.Max(_told, message.ModSeq.Value);
        }
    }

    private int Place(string number, string line)
    {
        var place = Number(number);
        Play.Require(place >= 1 && place <= Messages.Count, $"no such message among {Messages.Count}: {line}");
        return place - 1;
    }

    /// <summary>Where a UID stands; one that the client never heard is one of those whose UIDs it does not know.</summary>
    private int PlaceOf(uint uid, string line)
    {
        var at = Messages.FindIndex(message => message.Uid == uid);
        at = at >= 0 ? at : Messages.FindLastIndex(message => message.Uid < uid) + 1;
        Play.Require(
            at < Messages.Count && (Messages[at].Uid ?? uid) == uid, $"no such message in {this}: {line}");
        return at;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\* (\d+) EXISTS$")]
    private static partial Regex Exists();

    [GeneratedRegex(@"^\* (\d+) EXPUNGE$")]
    private static partial Regex Expunge();

    [GeneratedRegex(@"^\* VANISHED ([\d:,]+)$")]
    private static partial Regex Vanished();

    [GeneratedRegex(@"^\* VANISHED \(EARLIER\) ([\d:,]+)$")]
    private static partial Regex Earlier();

    [GeneratedRegex(@"^\* (\d+) FETCH \((.*)\)$", RegexOptions.Singleline)]
    private static partial Regex Fetch();

    [GeneratedRegex(@"\bUID (\d+)")]
    private static partial Regex UidItem();

    [GeneratedRegex(@"\bFLAGS \(([^)]*)\)")]
    private static partial Regex FlagsItem();

    [GeneratedRegex(@"\bMODSEQ \((\d+)\)")]
    private static partial Regex ModSeqItem();

    [GeneratedRegex(@" OK \[HIGHESTMODSEQ (\d+)\]")]
    private static partial Regex Code();

    [GeneratedRegex(@" OK \[UIDVALIDITY (\d+)\]")]
    private static partial Regex Validity();
}

/// <summary>Null is what the client was never told, or what it can no longer be sure of.</summary>
internal sealed class PicturedMessage
{
    public uint? Uid { get; set; }

    public string? Flags { get; set; }

    public long? ModSeq { get; set; }

    public override string ToString() => $"{Uid?.ToString(CultureInfo.InvariantCulture) ?? "?"} ({Flags ?? "?"})";
}
