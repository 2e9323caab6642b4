using System.Collections.Immutable;

namespace MailCluster.Node.Configuration;

/// <summary>A fixed next hop for a domain, or with a dot before it for all domains below.</summary>
internal sealed record RouteSection(string Domain, NextHopSection NextHop)
{
    public static ImmutableArray<RouteSection> ReadAll(SettingsReader settings, string key)
    {
        var routes = settings.Children(key).Select(child => Read(settings, $"{key}:{child}")).ToImmutableArray();
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var route in routes)
        {
            if (!known.Add(route.Domain))
            {
                throw ConfigurationException.Of($"{key}:*:Domain", route.Domain, "one route for each domain");
            }
        }

        return routes;
    }

    private static RouteSection Read(SettingsReader settings, string key) =>
        new(settings.ReadRequired($"{key}:Domain", SettingKinds.DomainPattern), NextHopSection.Read(settings, key));
}
