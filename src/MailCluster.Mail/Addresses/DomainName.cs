namespace MailCluster.Mail.Addresses;

/// <summary>
/// A domain of the mail world, or an address literal such as <c>[192.0.2.1]</c>. Compared without regard to case; kept
/// in lower case. U-labels (RFC 6531) stay as they were written, <see cref="ToAscii"/> gives their A-labels for the DNS.
/// </summary>
public readonly record struct DomainName
{
    /// <summary>RFC 5321 §4.5.3.1.2: a domain has at most 255 octets.</summary>
    public const int MaxLength = 255;

    private readonly string? _text;

    private DomainName(string text) => _text = text;

    /// <summary>The domain in lower case, with neither a dot at the end nor any escape.</summary>
    public string Text => _text ?? "";

    /// <summary>RFC 5321 §4.1.3: an address literal, with its brackets.</summary>
    public bool IsLiteral => Text.StartsWith('[');

    /// <summary>False where a U-label makes the domain unfit for a peer without SMTPUTF8.</summary>
    public bool IsAscii => System.Text.Ascii.IsValid(Text);

    /// <summary>
    /// Reads a domain or an address literal by the grammar of RFC 5321 §4.1.2 and §4.1.3, with the U-labels of
    /// RFC 6531 §3.3 where <paramref name="allowUtf8"/>.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, bool allowUtf8, out DomainName domain)
    {
        domain = default;
        var valid = text.StartsWith("[", StringComparison.Ordinal)
            ? DomainGrammar.IsLiteral(text)
            : DomainGrammar.IsDomain(text, allowUtf8);
        if (!valid)
        {
            return false;
        }

        domain = new DomainName(text.ToString().ToLowerInvariant());
        return true;
    }

    /// <summary>Reads a domain that is known to be right, such as one of the configuration.</summary>
    /// <exception cref="FormatException">The text is no domain.</exception>
    public static DomainName Parse(string text) =>
        TryParse(text, allowUtf8: true, out var domain) ? domain : throw new FormatException($"'{text}' is not a domain.");

    /// <summary>The address of an address literal (RFC 5321 §4.1.3).</summary>
    public bool TryGetAddress(out System.Net.IPAddress address) => DomainGrammar.TryParseLiteral(Text, out address);

    /// <summary>The name as the DNS wants it (RFC 5890); an address literal as it is.</summary>
    public string ToAscii() => IsAscii ? Text : DomainGrammar.Idn.GetAscii(Text);

    public override string ToString() => Text;
}
