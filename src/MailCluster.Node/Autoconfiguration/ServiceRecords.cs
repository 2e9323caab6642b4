using System.Globalization;
using MailCluster.Mail.Addresses;
using MailCluster.Node.Configuration;

namespace MailCluster.Node.Autoconfiguration;

/// <summary>
/// The lines that a domain's zone needs (RFC 1035 §5.1): where its mail goes, and by RFC 6186 and RFC 8314 §5.1 where its
/// users' programs find the services. What is not offered is said so, with the root for a target (RFC 6186 §3.4).
/// </summary>
internal static class ServiceRecords
{
    private const string NoTarget = "0 0 0 .";

    public static IEnumerable<string> Write(DomainName domain, DomainName host, IEnumerable<ClientService> services)
    {
        var zone = Name(domain);
        var target = Name(host);
        List<(string Owner, string Type, string Data)> records = [(zone, "MX", $"10 {target}")];
        records.AddRange(Names(services).Select(record => ($"{record.Name}._tcp.{zone}", "SRV", record.Data)));
        // Where Thunderbird and Outlook look first.
        records.Add(($"autoconfig.{zone}", "CNAME", target));
        records.Add(($"autodiscover.{zone}", "CNAME", target));
        var width = records.Max(record => record.Owner.Length);
        return records.Select(record => $"{record.Owner.PadRight(width)}  IN {record.Type,-5}  {record.Data}");
    }

    private static IEnumerable<(string Name, string Data)> Names(IEnumerable<ClientService> services)
    {
        var offered = services.GroupBy(NameOf).ToDictionary(group => group.Key, group => group.First());
        return ((string[])["_submissions", "_submission", "_imaps", "_imap", "_pop3s", "_pop3"]).Select(name => (
            name,
            offered.TryGetValue(name, out var service)
                ? string.Create(CultureInfo.InvariantCulture, $"0 1 {service.Port} {Name(service.Host)}")
                : NoTarget));
    }

    private static string NameOf(ClientService service)
    {
        // SMTP from users is not what SRV records call smtp.
        var protocol = service.Protocol == ListenerProtocol.Submission ? "submission" : service.ProtocolName;
        return service.Tls == ListenerTls.Implicit ? $"_{protocol}s" : "_" + protocol;
    }

    private static string Name(DomainName domain) => domain.ToAscii() + ".";
}
