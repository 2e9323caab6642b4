using System.Collections.Immutable;
using System.Net;
using MailCluster.Mail.Replies;

namespace MailCluster.Actors.Delivery;

/// <summary>Where a next hop can be reached, or why not.</summary>
public abstract record HostPlan
{
    private HostPlan()
    {
    }

    /// <summary>Hosts in the order in which to try them (RFC 5321 §5.1), at least one; to be kept for the time given.</summary>
    public sealed record Hosts(ImmutableArray<RelayHost> Candidates, TimeSpan TimeToLive) : HostPlan;

    /// <summary>Nothing to connect to; the reply is ours, transient where the DNS may say otherwise later.</summary>
    public sealed record Unroutable(Reply Reply) : HostPlan;
}

/// <summary>One address of one host of a next hop.</summary>
public sealed record RelayHost(string Name, IPEndPoint EndPoint)
{
    public override string ToString() => $"{Name}[{EndPoint.Address}]:{EndPoint.Port}";
}
