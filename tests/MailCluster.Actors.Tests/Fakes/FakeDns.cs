using System.Collections.Immutable;
using System.Net;
using MailCluster.Actors.Delivery;

namespace MailCluster.Actors.Tests.Fakes;

/// <summary>A DNS of a few records; what is not in it does not exist.</summary>
internal sealed class FakeDns : IDnsLookup
{
    private static readonly TimeSpan Ttl = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, DnsAnswer<MxRecord>> _mx = [];
    private readonly Dictionary<string, DnsAnswer<IPAddress>> _addresses = [];

    public FakeDns Mx(string domain, params (int Preference, string Host)[] records)
    {
        _mx[domain] = records.Length == 0
            ? new(DnsStatus.NoRecords, [], Ttl, null)
            : new(DnsStatus.Found, [.. records.Select(r => new MxRecord(r.Preference, r.Host))], Ttl, null);
        return this;
    }

    public FakeDns MxFails(string domain)
    {
        _mx[domain] = new(DnsStatus.Failed, [], Ttl, "SERVFAIL");
        return this;
    }

    public FakeDns Address(string host, params string[] addresses)
    {
        _addresses[host] = new(DnsStatus.Found, [.. addresses.Select(IPAddress.Parse)], Ttl, null);
        return this;
    }

    public FakeDns AddressFails(string host)
    {
        _addresses[host] = new(DnsStatus.Failed, [], Ttl, "timed out");
        return this;
    }

    public Task<DnsAnswer<MxRecord>> FindMxAsync(string domain, CancellationToken cancellation) =>
        Task.FromResult(_mx.GetValueOrDefault(domain, new(DnsStatus.NoSuchDomain, [], Ttl, null)));

    public Task<DnsAnswer<IPAddress>> FindAddressesAsync(string host, CancellationToken cancellation) =>
        Task.FromResult(_addresses.GetValueOrDefault(host, new(DnsStatus.NoSuchDomain, [], Ttl, null)));
}
