using System.Collections.Immutable;
using MailCluster.Mail.Addresses;
using MailCluster.Node.Configuration;

namespace MailCluster.Node.Autoconfiguration;

/// <summary>Where users' mail programs find one of our services.</summary>
internal sealed record ClientService(ListenerProtocol Protocol, DomainName Host, int Port, ListenerTls Tls)
{
    /// <summary>As the programs call it.</summary>
    public string ProtocolName => Protocol switch
    {
        ListenerProtocol.Submission => "smtp",
        ListenerProtocol.Imap => "imap",
        _ => "pop3",
    };

    /// <summary>
    /// What the listeners offer to users, for each protocol the best first: RFC 8314 §3 prefers TLS from the first octet.
    /// Listeners without TLS are told to nobody, and a port that the system chose means nothing elsewhere.
    /// </summary>
    public static ImmutableArray<ClientService> Of(MailClusterOptions options) =>
    [
        .. options.Listeners
            .Where(listener => listener.Protocol != ListenerProtocol.Smtp && listener.Tls != ListenerTls.None)
            .Where(listener => listener.PublicPort != 0)
            // Who can choose shall take IMAP, which leaves the mail where it is.
            .OrderBy(listener => listener.Protocol switch
            {
                ListenerProtocol.Imap => 0,
                ListenerProtocol.Pop3 => 1,
                _ => 2,
            })
            .ThenByDescending(listener => listener.Tls)
            .Select(listener => new ClientService(
                listener.Protocol, options.Node.Hostname, listener.PublicPort, listener.Tls)),
    ];
}
