using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using MailCluster.Node.Configuration;

namespace MailCluster.Node.Autoconfiguration;

/// <summary>Microsoft's Autodiscover with plain XML (MS-OXDSCLI), which Outlook asks for.</summary>
internal static class Autodiscover
{
    private const int MaxRequest = 64 * 1024;

    private static readonly XNamespace Envelope = "http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006";
    private static readonly XNamespace Outlook =
        "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a";

    /// <summary>The address that a request asks about; null where it is none. Anybody may send one: no DTD, no large ones.</summary>
    public static async Task<string?> ReadAddressAsync(Stream request, CancellationToken cancellation)
    {
        var settings = new XmlReaderSettings
        {
            Async = true,
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersInDocument = MaxRequest,
        };
        try
        {
            using var reader = XmlReader.Create(request, settings);
            var document = await XDocument.LoadAsync(reader, LoadOptions.None, cancellation);
            // The namespace differs between clients of different age.
            return document.Descendants().FirstOrDefault(element => element.Name.LocalName == "EMailAddress")?.Value.Trim();
        }
        catch (XmlException)
        {
            return null;
        }
    }

    /// <summary>One service of each kind, since Outlook takes the first: the best one.</summary>
    public static XDocument Write(string address, IEnumerable<ClientService> services) => new(
        new XElement(
            Envelope + "Autodiscover",
            new XElement(
                Outlook + "Response",
                new XElement(Outlook + "User", new XElement(Outlook + "DisplayName", address)),
                new XElement(
                    Outlook + "Account",
                    new XElement(Outlook + "AccountType", "email"),
                    new XElement(Outlook + "Action", "settings"),
                    services.DistinctBy(service => service.Protocol).Select(service => Write(address, service))))));

    private static XElement Write(string address, ClientService service) => new(
        Outlook + "Protocol",
        new XElement(Outlook + "Type", service.ProtocolName.ToUpperInvariant()),
        new XElement(Outlook + "Server", service.Host.ToAscii()),
        new XElement(Outlook + "Port", service.Port.ToString(CultureInfo.InvariantCulture)),
        new XElement(Outlook + "LoginName", address),
        new XElement(Outlook + "DomainRequired", "off"),
        new XElement(Outlook + "SPA", "off"),
        new XElement(Outlook + "SSL", service.Tls == ListenerTls.Implicit ? "on" : "off"),
        new XElement(Outlook + "Encryption", service.Tls == ListenerTls.Implicit ? "SSL" : "TLS"),
        new XElement(Outlook + "AuthRequired", "on"));
}
