using MailCluster.Mail.Addresses;
using MailCluster.Queue;
using MailCluster.Smtp.Client;

namespace MailCluster.Actors.Delivery;

/// <summary>Where mail goes and how it is spoken there: routes of the configuration, with their TLS policy and login.</summary>
public sealed class RelayRoutes(RouteTable table, DomainName heloName, RouteTls defaultTls)
{
    public RouteTable Table { get; } = table;

    /// <summary>The next hop must be reached by TLS with a right certificate, or not at all.</summary>
    public bool RequiresTls(NextHop hop) => TlsOf(hop) == TlsPolicy.Required;

    /// <summary>How to speak to the next hop; <paramref name="avoidTls"/> after a handshake that failed.</summary>
    public SmtpClientOptions ClientOptions(NextHop hop, bool avoidTls)
    {
        var tls = TlsOf(hop);
        return new SmtpClientOptions
        {
            HeloName = heloName,
            Tls = avoidTls && tls == TlsPolicy.Opportunistic ? TlsPolicy.Never : tls,
            Credentials = Table.FindCredentials(hop) is { } login
                ? new SmtpCredentials(login.UserName, login.Password)
                : null,
            PlaintextLoginAllowed = tls == TlsPolicy.Never,
        };
    }

    private TlsPolicy TlsOf(NextHop hop) => (Table.FindTls(hop) ?? defaultTls) switch
    {
        RouteTls.None => TlsPolicy.Never,
        RouteTls.Required => TlsPolicy.Required,
        _ => TlsPolicy.Opportunistic,
    };
}
