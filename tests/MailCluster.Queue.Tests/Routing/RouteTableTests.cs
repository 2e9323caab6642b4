using MailCluster.Mail.Addresses;

namespace MailCluster.Queue.Tests.Routing;

public sealed class RouteTableTests
{
    private static readonly RouteHost Smart = Host("smart.example");

    [Theory]
    [InlineData("example.org", "exact.example:25")]
    [InlineData("EXAMPLE.org", "exact.example:25")]
    [InlineData("a.example.org", "below.example:25")]
    [InlineData("a.b.example.org", "below.example:25")]
    [InlineData("x.near.example.org", "near.example:25")]
    [InlineData("other.org", "smart.example:25")]
    public void The_nearest_route_wins_and_the_smart_host_takes_the_rest(string domain, string hop)
    {
        var table = new RouteTable(
            [
                new StaticRoute("example.org", Host("exact.example")),
                new StaticRoute(".example.org", Host("below.example")),
                new StaticRoute(".near.example.org", Host("near.example")),
            ],
            Smart);

        Assert.Equal(hop, table.Resolve(DomainName.Parse(domain)).Key);
    }

    [Fact]
    public void Without_route_and_smart_host_the_exchangers_of_the_domain_are_asked() =>
        Assert.Equal(
            new NextHop.Mx(DomainName.Parse("example.org")),
            new RouteTable([], null).Resolve(DomainName.Parse("example.org")));

    [Fact]
    public void Policy_and_login_are_found_for_named_hosts_only()
    {
        var login = new RouteCredentials("user", "secret");
        var table = new RouteTable([], Smart with { Tls = RouteTls.Required, Credentials = login });

        Assert.Equal(RouteTls.Required, table.FindTls(Smart.NextHop));
        Assert.Same(login, table.FindCredentials(Smart.NextHop));
        Assert.Null(table.FindTls(new NextHop.Mx(DomainName.Parse("example.org"))));
        Assert.DoesNotContain("secret", login.ToString(), StringComparison.Ordinal);
    }

    private static RouteHost Host(string name) => new(new NextHop.Host(name, 25), RouteTls.Opportunistic, null);
}
