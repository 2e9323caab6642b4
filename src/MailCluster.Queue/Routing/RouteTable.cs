using System.Collections.Immutable;
using MailCluster.Mail.Addresses;

namespace MailCluster.Queue;

/// <summary>
/// Where mail for a domain goes: the route of the domain, the route of the nearest domain above it, the smart host, or
/// the domain's mail exchangers. Immutable.
/// </summary>
public sealed class RouteTable
{
    private readonly Dictionary<string, RouteHost> _routes = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<NextHop, RouteHost> _hosts = [];
    private readonly RouteHost? _smartHost;

    /// <param name="routes">Fixed next hops, at most one for each domain.</param>
    /// <param name="smartHost">Takes all that no route matches.</param>
    public RouteTable(ImmutableArray<StaticRoute> routes, RouteHost? smartHost)
    {
        _smartHost = smartHost;
        foreach (var route in routes)
        {
            _routes[route.Domain] = route.Host;
            _hosts.TryAdd(route.Host.NextHop, route.Host);
        }

        if (smartHost is not null)
        {
            _hosts.TryAdd(smartHost.NextHop, smartHost);
        }
    }

    public NextHop Resolve(DomainName domain)
    {
        if (_routes.Count > 0 && FindRoute(domain.Text) is { } route)
        {
            return route.NextHop;
        }

        return _smartHost is { } smartHost ? smartHost.NextHop : new NextHop.Mx(domain);
    }

    /// <summary>TLS towards a next hop that an operator named; null for mail exchangers.</summary>
    public RouteTls? FindTls(NextHop hop) => _hosts.GetValueOrDefault(hop)?.Tls;

    /// <summary>How to log in at a next hop that an operator named; null where nobody does.</summary>
    public RouteCredentials? FindCredentials(NextHop hop) => _hosts.GetValueOrDefault(hop)?.Credentials;

    private RouteHost? FindRoute(string domain)
    {
        var routes = _routes.GetAlternateLookup<ReadOnlySpan<char>>();
        if (routes.TryGetValue(domain, out var exact))
        {
            return exact;
        }

        for (var dot = domain.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = domain.IndexOf('.', dot + 1))
        {
            if (routes.TryGetValue(domain.AsSpan(dot), out var above))
            {
                return above;
            }
        }

        return null;
    }
}

/// <summary>A route; a domain with a dot before it stands for all domains below, not for itself.</summary>
public sealed record StaticRoute(string Domain, RouteHost Host);

/// <summary>A next hop that an operator named.</summary>
public sealed record RouteHost(NextHop.Host NextHop, RouteTls Tls, RouteCredentials? Credentials);

/// <summary>A login at a next hop.</summary>
public sealed record RouteCredentials(string UserName, string Password)
{
    public override string ToString() => UserName; // never the password
}

/// <summary>What TLS a next hop gets.</summary>
public enum RouteTls
{
    None,

    /// <summary>RFC 3207 where it is offered, with any certificate.</summary>
    Opportunistic,

    /// <summary>With a right certificate, or not at all.</summary>
    Required,
}
