namespace MailCluster.Mail.Mailboxes;

/// <summary>
/// A name with the wildcards of LIST (RFC 9051 §6.3.9): "*" is any text, "%" any text without a separator. INBOX is the
/// INBOX in any case. Matches in time that grows with pattern times name, whatever the pattern.
/// </summary>
public sealed class FolderPattern
{
    private const string Inbox = "INBOX";

    private readonly string _pattern;

    public FolderPattern(string pattern)
    {
        var first = pattern.Split(FolderName.Separator)[0];
        _pattern = first.Equals(Inbox, StringComparison.OrdinalIgnoreCase) ? Inbox + pattern[Inbox.Length..] : pattern;
    }

    public bool Matches(FolderName name) =>
        Matches(name.Text) || (name.IsInbox && _pattern.AsSpan().IndexOfAny('*', '%') >= 0 && MatchesInbox());

    /// <summary>A pattern such as <c>in%</c>, in any case: so clients look for the INBOX.</summary>
    private bool MatchesInbox() => new FolderPattern(_pattern.ToUpperInvariant()).Matches(Inbox);

    private bool Matches(string name)
    {
        // Which ends of the pattern's beginning fit the name's beginning; one row for each character of the name.
        var fits = new bool[_pattern.Length + 1];
        fits[0] = true;
        Widen(fits);
        foreach (var character in name)
        {
            var before = fits[0];
            fits[0] = false;
            for (var i = 0; i < _pattern.Length; i++)
            {
                var fitted = fits[i + 1];
                fits[i + 1] = _pattern[i] switch
                {
                    '*' => fitted,
                    '%' => fitted && character != FolderName.Separator,
                    var literal => before && literal == character,
                };
                before = fitted;
            }

            Widen(fits);
        }

        return fits[^1];
    }

    /// <summary>A wildcard also stands for nothing.</summary>
    private void Widen(bool[] fits)
    {
        for (var i = 0; i < _pattern.Length; i++)
        {
            fits[i + 1] |= fits[i] && (_pattern[i] is '*' or '%');
        }
    }
}
