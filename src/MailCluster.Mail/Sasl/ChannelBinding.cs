namespace MailCluster.Mail.Sasl;

/// <summary>
/// What ties an authentication to the secure channel that it goes through (RFC 5056): whoever sits between with a channel
/// of his own to either side cannot have the same.
/// </summary>
/// <param name="Type">As the client names it: <see cref="ServerEndPoint"/> or <see cref="Unique"/>.</param>
/// <param name="Data">As the type's RFC says.</param>
public sealed record ChannelBinding(string Type, ReadOnlyMemory<byte> Data)
{
    /// <summary>RFC 5929 §4: a hash of the server's certificate.</summary>
    public const string ServerEndPoint = "tls-server-end-point";

    /// <summary>RFC 5929 §3: the first Finished message; of TLS 1.2 alone, since TLS 1.3 leaves it undefined.</summary>
    public const string Unique = "tls-unique";
}
