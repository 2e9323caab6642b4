using System.Collections.Immutable;
using System.IO.Pipelines;
using System.Net;
using MailCluster.Mail.Sasl;

namespace MailCluster.Actors.Connections;

/// <summary>
/// One TCP connection, in or out, as its actor sees it: a duplex pipe that can be put under TLS. Owned by one actor;
/// its members are called by one thread at a time.
/// </summary>
public interface IMailTransport : IDuplexPipe
{
    IPEndPoint LocalEndPoint { get; }

    IPEndPoint RemoteEndPoint { get; }

    /// <summary>Version and cipher such as <c>TLS1.3 TLS_AES_256_GCM_SHA384</c>; null on plaintext.</summary>
    string? TlsDescription { get; }

    /// <summary>What a client may bind its login to, on an inbound connection under TLS; else none.</summary>
    ImmutableArray<ChannelBinding> ChannelBindings => [];

    /// <summary>
    /// Does the TLS handshake, as the server on an inbound connection and as the client on an outbound one. The caller
    /// has flushed the output and advanced the input past every octet that it saw; octets of plaintext that came
    /// behind the command are dropped, never read as part of the secure session (RFC 3207 §4.2).
    /// </summary>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The handshake failed.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    Task StartTlsAsync(CancellationToken cancellation);

    /// <summary>Sends what is written, ends the connection, gives back its resources. Safe to call twice.</summary>
    Task CloseAsync();

    /// <summary>Ends the connection at once, unsent octets included; a read under way comes back as failed.</summary>
    void Abort();
}
