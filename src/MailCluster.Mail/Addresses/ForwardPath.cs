namespace MailCluster.Mail.Addresses;

/// <summary>
/// The address in RCPT TO. The bare <c>&lt;Postmaster&gt;</c> of RFC 5321 §4.1.1.3 has no domain until the server
/// gives it its own; see <see cref="TryRead"/>.
/// </summary>
public readonly record struct ForwardPath(MailAddress Address)
{
    private const string BarePostmaster = "<Postmaster>";

    public DomainName Domain => Address.Domain;

    /// <summary>False where the path can only be used with SMTPUTF8 (RFC 6531).</summary>
    public bool IsAscii => Address.IsAscii;

    /// <summary>
    /// Reads <c>Forward-path = Path</c>, or the bare postmaster in any case, who then is the postmaster of
    /// <paramref name="ownDomain"/>; <paramref name="rest"/> is what follows.
    /// </summary>
    public static bool TryRead(
        ReadOnlySpan<char> text, bool allowUtf8, DomainName ownDomain, out ForwardPath path, out ReadOnlySpan<char> rest)
    {
        if (text.StartsWith(BarePostmaster, StringComparison.OrdinalIgnoreCase))
        {
            path = new ForwardPath(new MailAddress("postmaster", ownDomain));
            rest = text[BarePostmaster.Length..];
            return true;
        }

        var read = PathGrammar.TryReadPath(text, allowUtf8, out var address, out rest);
        path = new ForwardPath(address);
        return read;
    }

    public override string ToString() => $"<{Address}>";
}
