using System.Net;
using MailCluster.Actors.Delivery;
using MailCluster.Node.Configuration;
using MailCluster.Node.Dns;

namespace MailCluster.Node.Tests.Dns;

public sealed class DnsLookupTests : IDisposable
{
    private readonly FakeDnsServer _server = new();

    [Fact]
    public async Task Exchangers_come_with_preference_and_shortest_TTL()
    {
        _server.Mx("crepes.fr", 20, "b.crepes.fr", 60).Mx("crepes.fr", 10, "a.crepes.fr", 300);

        var answer = await Lookup().FindMxAsync("crepes.fr", default);

        Assert.Equal(DnsStatus.Found, answer.Status);
        Assert.Equal([new(10, "a.crepes.fr"), new(20, "b.crepes.fr")], answer.Records.OrderBy(r => r.Preference).ToArray());
        Assert.InRange(answer.TimeToLive, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task A_null_MX_is_an_empty_host()
    {
        _server.Mx("nomail.example", 0, "");

        var answer = await Lookup().FindMxAsync("nomail.example", default);

        Assert.Equal(new MxRecord(0, ""), Assert.Single(answer.Records));
    }

    [Fact]
    public async Task A_domain_that_does_not_exist_is_told_from_one_without_exchangers()
    {
        _server.Address("host.example", "192.0.2.1");
        var lookup = Lookup();

        var missing = await lookup.FindMxAsync("missing.example", default);
        var empty = await lookup.FindMxAsync("host.example", default);

        Assert.Equal((DnsStatus.NoSuchDomain, DnsStatus.NoRecords), (missing.Status, empty.Status));
        Assert.Null(missing.Trouble);
        Assert.InRange(missing.TimeToLive, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(7));
    }

    [Fact]
    public async Task A_server_that_fails_is_no_answer()
    {
        _server.Failing("broken.example");

        var answer = await Lookup().FindMxAsync("broken.example", default);

        Assert.Equal(DnsStatus.Failed, answer.Status);
        Assert.Equal("MX broken.example: the name server answered SERVFAIL", answer.Trouble);
        Assert.Empty(answer.Records);
    }

    [Fact]
    public async Task A_server_that_is_silent_is_asked_again_and_then_given_up()
    {
        _server.Silent("silent.example");

        var answer = await Lookup(new() { Timeout = TimeSpan.FromMilliseconds(100), Retries = 2 })
            .FindMxAsync("silent.example", default);

        Assert.Equal(DnsStatus.Failed, answer.Status);
        Assert.Equal("MX silent.example: no name server answered in time", answer.Trouble);
        Assert.Equal(3, _server.Queries);
    }

    [Fact]
    public async Task The_next_server_is_asked_where_the_first_fails()
    {
        using var second = new FakeDnsServer();
        _server.Failing("crepes.fr");
        second.Mx("crepes.fr", 10, "mx.crepes.fr");
        var options = new DnsSection { Servers = [_server.EndPoint, second.EndPoint], Retries = 0 };

        var answer = await new DnsLookup(options).FindMxAsync("crepes.fr", default);

        Assert.Equal(new MxRecord(10, "mx.crepes.fr"), Assert.Single(answer.Records));
    }

    [Fact]
    public async Task A_truncated_answer_is_asked_for_again_by_TCP()
    {
        _server.Mx("big.example", 10, "mx.big.example").Truncated("big.example");

        var answer = await Lookup().FindMxAsync("big.example", default);

        Assert.Equal(new MxRecord(10, "mx.big.example"), Assert.Single(answer.Records));
        Assert.Equal(2, _server.Queries);
    }

    [Fact]
    public async Task Addresses_of_both_families_are_found_IPv4_first()
    {
        _server.Address("mx.example", "2001:db8::1").Address("mx.example", "192.0.2.1").Address("mx.example", "192.0.2.2");

        var answer = await Lookup().FindAddressesAsync("mx.example", default);

        Assert.Equal("192.0.2.1 192.0.2.2 2001:db8::1", string.Join(' ', answer.Records));
    }

    [Theory]
    [InlineData("192.0.2.1")]
    [InlineData("2001:db8::1")]
    public async Task Addresses_of_one_family_are_enough(string address)
    {
        _server.Address("mx.example", address);

        var answer = await Lookup().FindAddressesAsync("mx.example", default);

        Assert.Equal(DnsStatus.Found, answer.Status);
        Assert.Equal(IPAddress.Parse(address), Assert.Single(answer.Records));
    }

    [Fact]
    public async Task No_address_is_certain_only_where_the_name_server_says_so()
    {
        _server.Empty("empty.example").Failing("broken.example");
        var lookup = Lookup();

        var empty = await lookup.FindAddressesAsync("empty.example", default);
        var broken = await lookup.FindAddressesAsync("broken.example", default);
        var missing = await lookup.FindAddressesAsync("missing.example", default);

        Assert.Equal(
            (DnsStatus.NoRecords, DnsStatus.Failed, DnsStatus.NoSuchDomain),
            (empty.Status, broken.Status, missing.Status));
    }

    [Fact]
    public async Task Localhost_is_known_without_asking()
    {
        var answer = await Lookup().FindAddressesAsync("LocalHost", default);

        Assert.Contains(IPAddress.Loopback, answer.Records);
        Assert.Equal(0, _server.Queries);
    }

    [Fact]
    public async Task An_answer_is_kept_for_its_TTL()
    {
        _server.Mx("crepes.fr", 10, "mx.crepes.fr");
        var lookup = Lookup();

        await lookup.FindMxAsync("crepes.fr", default);
        await lookup.FindMxAsync("crepes.fr", default);

        Assert.Equal(1, _server.Queries);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.example")]
    public async Task A_name_that_cannot_be_asked_for_is_an_answer_and_no_exception(string name)
    {
        var answer = await Lookup().FindMxAsync(name, default);

        Assert.NotEqual(DnsStatus.Found, answer.Status);
    }

    public void Dispose() => _server.Dispose();

    private DnsLookup Lookup(DnsSection? options = null) => new((options ?? new()) with { Servers = [_server.EndPoint] });
}
