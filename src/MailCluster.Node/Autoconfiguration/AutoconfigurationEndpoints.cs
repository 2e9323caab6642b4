using System.Xml.Linq;
using MailCluster.Mail.Addresses;
using MailCluster.Node.Configuration;
using MailCluster.Storage.Directory;

namespace MailCluster.Node.Autoconfiguration;

/// <summary>
/// Tells users' mail programs where our services are, so that an address and a password are all that has to be typed.
/// Nothing secret, so no token; whether an address exists is not told, only whether its domain is ours.
/// </summary>
internal static class AutoconfigurationEndpoints
{
    /// <summary>Of the host that Mozilla's way asks: autoconfig.example.org answers for example.org.</summary>
    private const string HostPrefix = "autoconfig.";

    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var path in (string[])["/mail/config-v1.1.xml", "/.well-known/autoconfig/mail/config-v1.1.xml"])
        {
            routes.MapGet(path, AnswerMozillaAsync);
        }

        // The path is written in either way, and routes are compared without case.
        routes.MapPost("/autodiscover/autodiscover.xml", AnswerOutlookAsync);
    }

    private static async Task<IResult> AnswerMozillaAsync(
        HttpRequest request, IDirectory directory, MailClusterOptions options, CancellationToken cancellation)
    {
        var named = DomainOf(request.Query["emailaddress"]);
        return await FindOursAsync(directory, named ?? DomainOfHost(request.Host.Host), cancellation) is { } domain
            ? Xml(MozillaConfig.Write(domain, ClientService.Of(options)))
            : NotOurs();
    }

    private static async Task<IResult> AnswerOutlookAsync(
        HttpRequest request, IDirectory directory, MailClusterOptions options, CancellationToken cancellation)
    {
        var address = await Autodiscover.ReadAddressAsync(request.Body, cancellation);
        if (address is null || DomainOf(address) is not { } domain)
        {
            return TypedResults.Problem("no mail address in the request", statusCode: StatusCodes.Status400BadRequest);
        }

        return await FindOursAsync(directory, domain, cancellation) is not null
            ? Xml(Autodiscover.Write(address, ClientService.Of(options)))
            : NotOurs();
    }

    private static async Task<DomainName?> FindOursAsync(
        IDirectory directory, DomainName? domain, CancellationToken cancellation) =>
        domain is { } name && await directory.IsLocalDomainAsync(name, cancellation) ? name : null;

    private static DomainName? DomainOf(string? address) =>
        MailAddress.TryParse(address, allowUtf8: true, out var parsed) ? parsed.Domain : null;

    private static DomainName? DomainOfHost(string host)
    {
        var name = host.StartsWith(HostPrefix, StringComparison.OrdinalIgnoreCase) ? host[HostPrefix.Length..] : host;
        return DomainName.TryParse(name, allowUtf8: true, out var domain) ? domain : null;
    }

    private static IResult Xml(XDocument document) =>
        TypedResults.Text($"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{document}\n", "application/xml; charset=utf-8");

    private static IResult NotOurs() =>
        TypedResults.Problem("no domain of this server", statusCode: StatusCodes.Status404NotFound);
}
