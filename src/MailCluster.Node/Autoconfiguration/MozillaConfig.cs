using System.Globalization;
using System.Xml.Linq;
using MailCluster.Mail.Addresses;
using MailCluster.Node.Configuration;

namespace MailCluster.Node.Autoconfiguration;

/// <summary>Mozilla's config-v1.1.xml, which Thunderbird, Evolution, KMail and many others ask for.</summary>
internal static class MozillaConfig
{
    public static XDocument Write(DomainName domain, IEnumerable<ClientService> services) => new(
        new XElement(
            "clientConfig",
            new XAttribute("version", "1.1"),
            new XElement(
                "emailProvider",
                new XAttribute("id", domain.ToAscii()),
                new XElement("domain", domain.ToAscii()),
                new XElement("displayName", domain.Text),
                new XElement("displayShortName", domain.Text),
                services.Select(Write))));

    private static XElement Write(ClientService service) => new(
        service.Protocol == ListenerProtocol.Submission ? "outgoingServer" : "incomingServer",
        new XAttribute("type", service.ProtocolName),
        new XElement("hostname", service.Host.ToAscii()),
        new XElement("port", service.Port.ToString(CultureInfo.InvariantCulture)),
        new XElement("socketType", service.Tls == ListenerTls.Implicit ? "SSL" : "STARTTLS"),
        new XElement("authentication", "password-cleartext"), // within TLS; there is no word for SCRAM
        new XElement("username", "%EMAILADDRESS%"));
}
