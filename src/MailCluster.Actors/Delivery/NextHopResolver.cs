using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Net;
using MailCluster.Mail.Replies;
using MailCluster.Queue;

namespace MailCluster.Actors.Delivery;

/// <summary>
/// Finds the hosts of a next hop (RFC 5321 §5.1): MX by preference, the domain's own address where it has none, null MX
/// (RFC 7505), ourselves among the exchangers. Safe for any number of threads.
/// </summary>
public sealed class NextHopResolver(IDnsLookup dns, NextHopResolverOptions options, Random random)
{
    private readonly FrozenSet<string> _ownNames = options.OwnNames.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public async Task<HostPlan> ResolveAsync(NextHop hop, CancellationToken cancellation) => hop switch
    {
        NextHop.Host host => await ResolveHostAsync(host, cancellation),
        NextHop.Mx mx when mx.Domain.TryGetAddress(out var address) => Literal(mx.Domain.Text, address, options.Port),
        NextHop.Mx mx => await ResolveMxAsync(mx.Domain.ToAscii(), cancellation),
        _ => throw new ArgumentOutOfRangeException(nameof(hop)),
    };

    private async Task<HostPlan> ResolveHostAsync(NextHop.Host host, CancellationToken cancellation)
    {
        if (IPAddress.TryParse(host.Name.Trim('[', ']'), out var address))
        {
            return new HostPlan.Hosts([new RelayHost(host.Name, new IPEndPoint(address, host.Port))], options.MaxTimeToLive);
        }

        // An operator named this host: it may well be on loopback, and it is never taken for ourselves.
        var found = await FindAddressesAsync([new MxRecord(0, host.Name)], host.Port, TimeSpan.MaxValue, false, cancellation);
        return found;
    }

    private async Task<HostPlan> ResolveMxAsync(string domain, CancellationToken cancellation)
    {
        var answer = await dns.FindMxAsync(domain, cancellation);
        switch (answer.Status)
        {
            case DnsStatus.Failed:
                return Unroutable(ReplyCode.LocalError, EnhancedStatusCode.DirectoryFailure, $"DNS lookup of {domain} failed: {answer.Trouble}");
            case DnsStatus.NoSuchDomain:
                return Unroutable(ReplyCode.MailboxUnavailable, EnhancedStatusCode.NoSuchDomain, $"Domain {domain} does not exist");
            case DnsStatus.NoRecords:
                // RFC 5321 §5.1: no MX at all means an implicit one, of preference 0, for the domain itself.
                return await FindAddressesAsync(
                    [new MxRecord(0, domain)], options.Port, TimeSpan.MaxValue, refuseLoopback: true, cancellation);
            case DnsStatus.Found:
            default:
                return await ResolveExchangersAsync(domain, answer, cancellation);
        }
    }

    private async Task<HostPlan> ResolveExchangersAsync(
        string domain, DnsAnswer<MxRecord> answer, CancellationToken cancellation)
    {
        if (answer.Records is [{ Host: "" }])
        {
            return Unroutable(ReplyCode.DomainAcceptsNoMail, EnhancedStatusCode.NullMx, $"Domain {domain} accepts no mail");
        }

        var exchangers = Order(answer.Records);
        return exchangers.IsEmpty
            ? Unroutable(ReplyCode.TransactionFailed, EnhancedStatusCode.RoutingLoop, $"Mail for {domain} loops back to this host")
            : await FindAddressesAsync(exchangers, options.Port, answer.TimeToLive, refuseLoopback: true, cancellation);
    }

    /// <summary>
    /// RFC 5321 §5.1: lowest preference first, equal ones in random order; where we are in the list, only those that
    /// are better than us.
    /// </summary>
    private ImmutableArray<MxRecord> Order(ImmutableArray<MxRecord> records)
    {
        var own = records.Where(r => _ownNames.Contains(r.Host)).Select(r => (int?)r.Preference).Min();
        var better = records.Where(r => r.Host.Length > 0 && (own is null || r.Preference < own)).ToArray();
        lock (random)
        {
            random.Shuffle(better);
        }

        return [.. better.OrderBy(r => r.Preference).Take(options.MaxHosts)];
    }

    private async Task<HostPlan> FindAddressesAsync(
        ImmutableArray<MxRecord> hosts, int port, TimeSpan timeToLive, bool refuseLoopback, CancellationToken cancellation)
    {
        var candidates = ImmutableArray.CreateBuilder<RelayHost>();
        string? trouble = null;
        var loops = false;
        foreach (var host in hosts)
        {
            var answer = await dns.FindAddressesAsync(host.Host, cancellation);
            trouble = answer.Status == DnsStatus.Failed ? answer.Trouble : trouble;
            timeToLive = answer.Status == DnsStatus.Found && answer.TimeToLive < timeToLive ? answer.TimeToLive : timeToLive;
            foreach (var address in answer.Records)
            {
                if (refuseLoopback && !options.AllowLoopback && IPAddress.IsLoopback(address))
                {
                    loops = true;
                }
                else if (candidates.Count < options.MaxHosts)
                {
                    candidates.Add(new RelayHost(host.Host, new IPEndPoint(address, port)));
                }
            }
        }

        if (candidates.Count > 0)
        {
            return new HostPlan.Hosts(candidates.ToImmutable(), Clamp(timeToLive));
        }

        var names = string.Join(", ", hosts.Select(h => h.Host));
        return trouble is not null
            ? Unroutable(ReplyCode.LocalError, EnhancedStatusCode.DirectoryFailure, $"DNS lookup of {names} failed: {trouble}")
            : loops
                ? Unroutable(ReplyCode.TransactionFailed, EnhancedStatusCode.RoutingLoop, $"{names} is this host")
                : Unroutable(ReplyCode.MailboxUnavailable, EnhancedStatusCode.UnableToRoute, $"No address found for {names}");
    }

    private HostPlan Literal(string name, IPAddress address, int port) =>
        IPAddress.IsLoopback(address) && !options.AllowLoopback
            ? Unroutable(ReplyCode.TransactionFailed, EnhancedStatusCode.RoutingLoop, $"{name} is this host")
            : new HostPlan.Hosts([new RelayHost(name, new IPEndPoint(address, port))], options.MaxTimeToLive);

    private TimeSpan Clamp(TimeSpan timeToLive) =>
        timeToLive > options.MaxTimeToLive ? options.MaxTimeToLive
        : timeToLive < options.MinTimeToLive ? options.MinTimeToLive
        : timeToLive;

    private static HostPlan.Unroutable Unroutable(ReplyCode code, EnhancedStatusCode status, string text) =>
        new(new Reply(code, status, text));
}

/// <summary>How next hops are resolved.</summary>
public sealed record NextHopResolverOptions
{
    /// <summary>Names under which this server may stand in MX records.</summary>
    public required ImmutableArray<string> OwnNames { get; init; }

    /// <summary>The port of mail exchangers; 25 everywhere but in tests.</summary>
    public int Port { get; init; } = 25;

    /// <summary>Connect to exchangers on loopback: for tests. Elsewhere such an MX means ourselves, or mischief.</summary>
    public bool AllowLoopback { get; init; }

    /// <summary>Addresses tried for one message at the most (RFC 5321 §5.1 wants at least two).</summary>
    public int MaxHosts { get; init; } = 10;

    public TimeSpan MinTimeToLive { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan MaxTimeToLive { get; init; } = TimeSpan.FromHours(1);
}
