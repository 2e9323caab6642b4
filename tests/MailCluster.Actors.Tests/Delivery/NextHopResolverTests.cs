using System.Net;
using MailCluster.Actors.Delivery;
using MailCluster.Actors.Tests.Fakes;
using MailCluster.Mail.Addresses;
using MailCluster.Queue;

namespace MailCluster.Actors.Tests.Delivery;

public sealed class NextHopResolverTests
{
    private readonly FakeDns _dns = new();

    [Fact]
    public async Task Exchangers_are_tried_by_preference_whatever_their_order_in_the_answer()
    {
        _dns.Mx("example.org", (20, "backup.example.org"), (10, "mx.example.org"))
            .Address("mx.example.org", "192.0.2.1", "192.0.2.2")
            .Address("backup.example.org", "192.0.2.9");

        var hosts = await HostsOfAsync("example.org");

        Assert.Equal(
            ["mx.example.org[192.0.2.1]:25", "mx.example.org[192.0.2.2]:25", "backup.example.org[192.0.2.9]:25"], hosts);
    }

    [Fact]
    public async Task A_domain_without_mx_is_its_own_exchanger()
    {
        _dns.Mx("example.org").Address("example.org", "192.0.2.1");

        Assert.Equal(["example.org[192.0.2.1]:25"], await HostsOfAsync("example.org"));
    }

    [Fact]
    public async Task A_null_mx_is_refused_for_good_with_556_5_1_10()
    {
        _dns.Mx("example.org", (0, ""));

        Assert.StartsWith("556 5.1.10 ", await RefusalOfAsync("example.org"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_we_are_the_best_exchanger_the_mail_loops()
    {
        _dns.Mx("example.org", (10, "mail.hamburger.edu"), (20, "other.example.org")).Address("other.example.org", "192.0.2.1");

        Assert.StartsWith("554 5.4.6 ", await RefusalOfAsync("example.org"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_we_are_a_backup_exchanger_only_better_ones_are_tried()
    {
        _dns.Mx("example.org", (10, "mx.example.org"), (20, "mail.hamburger.edu"), (30, "worse.example.org"))
            .Address("mx.example.org", "192.0.2.1")
            .Address("worse.example.org", "192.0.2.9");

        Assert.Equal(["mx.example.org[192.0.2.1]:25"], await HostsOfAsync("example.org"));
    }

    [Fact]
    public async Task An_exchanger_without_address_is_passed_over()
    {
        _dns.Mx("example.org", (10, "gone.example.org"), (20, "mx.example.org")).Address("mx.example.org", "192.0.2.1");

        Assert.Equal(["mx.example.org[192.0.2.1]:25"], await HostsOfAsync("example.org"));
    }

    [Theory]
    [InlineData("missing.example", "550 5.1.2 ")]
    [InlineData("broken.example", "451 4.4.3 ")]
    [InlineData("mx-lookup-ok-address-fails.example", "451 4.4.3 ")]
    [InlineData("no-address.example", "550 5.4.4 ")]
    public async Task What_the_dns_cannot_say_yet_is_transient_and_what_it_denies_is_permanent(string domain, string reply)
    {
        _dns.MxFails("broken.example")
            .Mx("mx-lookup-ok-address-fails.example", (10, "mx.example"))
            .AddressFails("mx.example")
            .Mx("no-address.example", (10, "nowhere.example"));

        Assert.StartsWith(reply, await RefusalOfAsync(domain), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exchanger_on_loopback_is_ourselves()
    {
        _dns.Mx("example.org", (10, "localhost.example.org")).Address("localhost.example.org", "127.0.0.1");

        Assert.StartsWith("554 5.4.6 ", await RefusalOfAsync("example.org"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_literal_asks_no_dns() =>
        Assert.Equal(["[192.0.2.7][192.0.2.7]:25"], await HostsOfAsync("[192.0.2.7]"));

    [Fact]
    public async Task A_smart_host_may_be_on_loopback()
    {
        var plan = await Resolver().ResolveAsync(new NextHop.Host("127.0.0.1", 2526), CancellationToken.None);

        var hosts = Assert.IsType<HostPlan.Hosts>(plan);
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 2526), Assert.Single(hosts.Candidates).EndPoint);
    }

    private NextHopResolver Resolver() =>
        new(_dns, new NextHopResolverOptions { OwnNames = ["mail.hamburger.edu"] }, new Random(1));

    private async Task<string[]> HostsOfAsync(string domain)
    {
        var plan = await Resolver().ResolveAsync(new NextHop.Mx(DomainName.Parse(domain)), CancellationToken.None);
        return [.. Assert.IsType<HostPlan.Hosts>(plan).Candidates.Select(h => h.ToString())];
    }

    private async Task<string> RefusalOfAsync(string domain)
    {
        var plan = await Resolver().ResolveAsync(new NextHop.Mx(DomainName.Parse(domain)), CancellationToken.None);
        return Assert.IsType<HostPlan.Unroutable>(plan).Reply.ToString();
    }
}
