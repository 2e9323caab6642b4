using System.Globalization;
using MailCluster.Mail.Addresses;

namespace MailCluster.Queue;

/// <summary>Who is contacted for a domain: its mail exchangers, or a host that an operator named.</summary>
public abstract record NextHop
{
    private NextHop()
    {
    }

    /// <summary>Names the next hop in the cluster: one Destination has it.</summary>
    public abstract string Key { get; }

    public sealed override string ToString() => Key;

    /// <summary>The mail exchangers of a domain, or the host of an address literal.</summary>
    public sealed record Mx(DomainName Domain) : NextHop
    {
        public override string Key => Domain.Text;
    }

    /// <summary>A host or address, and its port.</summary>
    public sealed record Host(string Name, int Port) : NextHop
    {
        public override string Key => string.Create(CultureInfo.InvariantCulture, $"{Name}:{Port}");
    }
}
