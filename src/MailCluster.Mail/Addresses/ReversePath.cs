namespace MailCluster.Mail.Addresses;

/// <summary>
/// The address in MAIL FROM, where failures go (RFC 5321 §3.3); null, written <c>&lt;&gt;</c>, on notifications, which
/// never cause another one (§4.5.5).
/// </summary>
public readonly record struct ReversePath(MailAddress? Address)
{
    public static readonly ReversePath Null;

    public bool IsNull => Address is null;

    /// <summary>False where the path can only be used with SMTPUTF8 (RFC 6531).</summary>
    public bool IsAscii => Address?.IsAscii ?? true;

    /// <summary>Reads <c>Reverse-path = Path / "&lt;&gt;"</c> at the start; <paramref name="rest"/> is what follows.</summary>
    public static bool TryRead(
        ReadOnlySpan<char> text, bool allowUtf8, out ReversePath path, out ReadOnlySpan<char> rest)
    {
        if (text.StartsWith("<>", StringComparison.Ordinal))
        {
            path = Null;
            rest = text[2..];
            return true;
        }

        var read = PathGrammar.TryReadPath(text, allowUtf8, out var address, out rest);
        path = read ? new ReversePath(address) : Null;
        return read;
    }

    /// <summary>The address without brackets; empty for the null reverse-path.</summary>
    public string ToAddressText() => Address?.ToString() ?? "";

    public override string ToString() => $"<{Address}>";
}
