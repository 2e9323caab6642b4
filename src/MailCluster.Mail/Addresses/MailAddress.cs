namespace MailCluster.Mail.Addresses;

/// <summary>
/// One address: local-part and domain. The local-part is kept as its value, without the quotes of a quoted-string;
/// <see cref="ToString"/> puts them back where the grammar needs them. Equality is exact in the local-part (RFC 5321
/// §2.4) and without regard to case in the domain.
/// </summary>
public readonly record struct MailAddress(string LocalPart, DomainName Domain)
{
    /// <summary>RFC 5321 §4.5.3.1.1: a local-part has at most 64 octets.</summary>
    public const int MaxLocalPartLength = 64;

    /// <summary>RFC 5321 §4.5.3.1.3: a path has at most 256 octets, its brackets included.</summary>
    public const int MaxPathLength = 256;

    /// <summary>False where the address can only be used with SMTPUTF8 (RFC 6531).</summary>
    public bool IsAscii => System.Text.Ascii.IsValid(LocalPart) && Domain.IsAscii;

    /// <summary>Reads <c>Mailbox = Local-part "@" ( Domain / address-literal )</c> of RFC 5321 §4.1.2.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, bool allowUtf8, out MailAddress address)
    {
        address = default;
        if (!PathGrammar.TryReadLocalPart(text, allowUtf8, out var localPart, out var rest)
            || !rest.StartsWith("@", StringComparison.Ordinal)
            || !DomainName.TryParse(rest[1..], allowUtf8, out var domain))
        {
            return false;
        }

        address = new MailAddress(localPart, domain);
        return true;
    }

    /// <summary>Reads an address that is known to be right, such as one of the configuration.</summary>
    /// <exception cref="FormatException">The text is no address.</exception>
    public static MailAddress Parse(string text) =>
        TryParse(text, allowUtf8: true, out var address)
            ? address
            : throw new FormatException($"'{text}' is not a mail address.");

    public override string ToString() => $"{PathGrammar.WriteLocalPart(LocalPart ?? "")}@{Domain}";
}
