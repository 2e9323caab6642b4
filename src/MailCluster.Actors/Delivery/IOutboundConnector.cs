using System.Net;
using MailCluster.Actors.Connections;

namespace MailCluster.Actors.Delivery;

/// <summary>Opens connections to other mail servers. Safe for any number of threads.</summary>
public interface IOutboundConnector
{
    /// <summary>Connects, or fails within the time-out of RFC 5321 §4.5.3.2 that the connector was given.</summary>
    /// <param name="endPoint">Address and port of the next hop.</param>
    /// <param name="tls">Whose certificate is expected and whether it must be right.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <exception cref="IOException">No connection; the message is fit for a delivery status notice.</exception>
    Task<IMailTransport> ConnectAsync(IPEndPoint endPoint, OutboundTls tls, CancellationToken cancellation);
}

/// <summary>TLS towards a next hop.</summary>
/// <param name="HostName">The name for SNI, and for the certificate where it is checked.</param>
/// <param name="VerifyCertificate">
/// False for opportunistic TLS (RFC 3207 §4): any certificate is better than plaintext. True where TLS is required.
/// </param>
public sealed record OutboundTls(string HostName, bool VerifyCertificate);
