using System.Text;

namespace MailCluster.Mail.Mailboxes;

/// <summary>
/// A name with the wildcards of LIST (RFC 9051 §6.3.9): "*" is any text, "%" any text without a separator. INBOX is the
/// INBOX in any case. Matches in time that grows with pattern times name, 64 letters of the pattern at a time, whatever
/// the pattern: an account may have thousands of folders.
/// </summary>
public sealed class FolderPattern
{
    private const string Inbox = "INBOX";

    /// <summary>Bits of a word.</summary>
    private const int Width = 64;

    private readonly string _pattern;
    private readonly bool _isTooLong;

    // Bit i + 1 stands for letter i of the pattern: which are wildcards, and which are this letter.
    private readonly ulong[] _any;
    private readonly ulong[] _anyWithin;
    private readonly Dictionary<char, ulong[]> _letters = [];

    public FolderPattern(string pattern)
    {
        _pattern = InUpperCase(OneOfEach(pattern));
        _isTooLong = _pattern.Length > 2 * FolderName.MaxOctets + 1; // more letters than a name has
        var words = _isTooLong ? 1 : (_pattern.Length / Width) + 1;
        (_any, _anyWithin) = (new ulong[words], new ulong[words]);
        for (var i = 0; i < _pattern.Length && !_isTooLong; i++)
        {
            var bits = _pattern[i] switch
            {
                '*' => _any,
                '%' => _anyWithin,
                var letter => _letters.TryGetValue(letter, out var known) ? known : _letters[letter] = new ulong[words],
            };
            bits[(i + 1) / Width] |= 1UL << ((i + 1) % Width);
        }
    }

    public bool Matches(FolderName name) =>
        !_isTooLong && (Matches(name.Text) || (name.IsInbox && _pattern.AsSpan().IndexOfAny('*', '%') >= 0 && MatchesInbox()));

    /// <summary>A pattern such as <c>in%</c>, in any case: so clients look for the INBOX.</summary>
    private bool MatchesInbox() => new FolderPattern(_pattern.ToUpperInvariant()).Matches(Inbox);

    private static string InUpperCase(string pattern)
    {
        var end = pattern.IndexOf(FolderName.Separator, StringComparison.Ordinal);
        var first = end < 0 ? pattern.AsSpan() : pattern.AsSpan(0, end);
        return first.Equals(Inbox, StringComparison.OrdinalIgnoreCase) ? Inbox + pattern[Inbox.Length..] : pattern;
    }

    /// <summary>Wildcards side by side are as one of them.</summary>
    private static string OneOfEach(string pattern)
    {
        var kept = new StringBuilder(pattern.Length);
        foreach (var character in pattern)
        {
            if (kept.Length > 0 && character is '*' or '%' && kept[^1] is '*' or '%')
            {
                kept[^1] = character == '*' ? '*' : kept[^1];
            }
            else
            {
                kept.Append(character);
            }
        }

        return kept.ToString();
    }

    private bool Matches(string name)
    {
        // Bit i: so many letters of the pattern fit the name so far.
        var fits = new ulong[_any.Length];
        fits[0] = 1;
        Widen(fits);
        foreach (var character in name)
        {
            if (!Go(fits, _letters.GetValueOrDefault(character), character == FolderName.Separator))
            {
                return false;
            }

            Widen(fits);
        }

        return (fits[_pattern.Length / Width] >> (_pattern.Length % Width) & 1) != 0;
    }

    /// <summary>One letter of the name: a wildcard stays where it is, a letter goes on. False where nothing fits any more.</summary>
    private bool Go(ulong[] fits, ulong[]? letter, bool isSeparator)
    {
        var (carry, some) = (0UL, 0UL);
        for (var i = 0; i < fits.Length; i++)
        {
            var next = (fits[i] << 1) | carry;
            carry = fits[i] >> (Width - 1);
            fits[i] = (fits[i] & (_any[i] | (isSeparator ? 0 : _anyWithin[i]))) | (letter is null ? 0 : next & letter[i]);
            some |= fits[i];
        }

        return some != 0;
    }

    /// <summary>A wildcard also stands for nothing; no two stand side by side.</summary>
    private void Widen(ulong[] fits)
    {
        var carry = 0UL;
        for (var i = 0; i < fits.Length; i++)
        {
            var before = fits[i];
            fits[i] |= ((before << 1) | carry) & (_any[i] | _anyWithin[i]);
            carry = before >> (Width - 1);
        }
    }
}
