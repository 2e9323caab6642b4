namespace MailCluster.Node.Listeners.Proxy;

/// <summary>
/// What a proxy says of a connection before its first octet: HAProxy's PROXY protocol, versions 1 and 2
/// (https://www.haproxy.org/download/2.9/doc/proxy-protocol.txt; the clauses named here are its).
/// </summary>
internal abstract record ProxyHeader
{
    /// <summary>Reads what came so far. Where that is not <see cref="Incomplete"/>, it is final.</summary>
    public static ProxyHeader Parse(ReadOnlySpan<byte> octets) =>
        TryBegin(octets, ProxyHeaderV2.Signature) ? ProxyHeaderV2.Parse(octets)
        : TryBegin(octets, ProxyHeaderV1.Signature) ? ProxyHeaderV1.Parse(octets)
        : new Invalid("no PROXY header");

    /// <summary>So far it agrees, if only because nothing is there yet.</summary>
    private static bool TryBegin(ReadOnlySpan<byte> octets, ReadOnlySpan<byte> signature) =>
        octets.CommonPrefixLength(signature) == Math.Min(octets.Length, signature.Length);

    /// <summary>More octets decide; never so many that a bound would be needed around it.</summary>
    internal sealed record Incomplete : ProxyHeader
    {
        public static readonly Incomplete Instance = new();
    }

    /// <summary>A whole header.</summary>
    /// <param name="Route">Null where the proxy speaks for itself, or does not know: the peer's address holds.</param>
    /// <param name="Length">Octets of the header; what follows belongs to the session.</param>
    internal sealed record Complete(ProxyRoute? Route, int Length) : ProxyHeader;

    /// <param name="Reason">For the log: a text of ours, never the peer's octets.</param>
    internal sealed record Invalid(string Reason) : ProxyHeader;
}
