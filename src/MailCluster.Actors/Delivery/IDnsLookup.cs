using System.Collections.Immutable;
using System.Net;

namespace MailCluster.Actors.Delivery;

/// <summary>The two questions that routing asks the DNS. Safe for any number of threads; caches as the TTLs say.</summary>
public interface IDnsLookup
{
    /// <summary>MX records of a domain in A-label form.</summary>
    Task<DnsAnswer<MxRecord>> FindMxAsync(string domain, CancellationToken cancellation);

    /// <summary>A and AAAA records of a host, CNAMEs followed; an entry for each address.</summary>
    Task<DnsAnswer<IPAddress>> FindAddressesAsync(string host, CancellationToken cancellation);
}

/// <summary>One MX record; <paramref name="Host"/> is without the dot at its end, and empty for the root (RFC 7505).</summary>
public sealed record MxRecord(int Preference, string Host);

/// <summary>What the DNS said.</summary>
/// <param name="Status">Found and NoRecords and NoSuchDomain are certain; Failed may be otherwise next time.</param>
/// <param name="Records">Empty unless found.</param>
/// <param name="TimeToLive">How long the answer may be kept.</param>
/// <param name="Trouble">Why it failed, fit for a delivery status notice; else null.</param>
public sealed record DnsAnswer<T>(DnsStatus Status, ImmutableArray<T> Records, TimeSpan TimeToLive, string? Trouble);

public enum DnsStatus
{
    Found,
    NoRecords,
    NoSuchDomain,
    Failed,
}
