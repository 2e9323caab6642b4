using System.Net;
using MailCluster.Mail.Identity;

namespace MailCluster.Smtp.Server;

/// <summary>Who is at the other end.</summary>
/// <param name="MayRelay">Its network may send to other domains without logging in.</param>
/// <param name="IsSecure">TLS began with the first octet (RFC 8314).</param>
public sealed record SmtpPeer(IPAddress Address, int Port, bool MayRelay, bool IsSecure, SessionId SessionId);
