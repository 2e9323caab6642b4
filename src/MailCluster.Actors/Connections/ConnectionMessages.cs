using System.IO.Pipelines;
using System.Net;
using Akka.Actor;
using Akka.Event;

namespace MailCluster.Actors.Connections;

/// <summary>A listener accepted a connection: to the supervisor, which makes the connection's actor. No answer.</summary>
/// <param name="Transport">From now on owned by the connection's actor.</param>
/// <param name="CreateActor">Props of the actor that serves it.</param>
/// <param name="Refusals">What to say where there will be none.</param>
public sealed record OpenConnection(IMailTransport Transport, Func<IMailTransport, Props> CreateActor, Refusals Refusals);

/// <summary>Lines of the protocol, with their CRLF, for clients that no session is made for.</summary>
/// <param name="TooMany">There are too many connections.</param>
/// <param name="Unavailable">The node is about to go, or is no member of the cluster.</param>
public sealed record Refusals(string TooMany, string Unavailable);

/// <summary>
/// The node goes away: to the supervisor, which accepts no more and tells each connection; answered with
/// <see cref="ConnectionsDrained"/> when the last one is gone.
/// </summary>
public sealed class DrainConnections
{
    public static readonly DrainConnections Instance = new();
}

/// <summary>No connection is left: from the supervisor, once, after <see cref="DrainConnections"/>.</summary>
public sealed class ConnectionsDrained
{
    public static readonly ConnectionsDrained Instance = new();
}

/// <summary>Their time is up: to the supervisor, which ends the connections that are left. No answer.</summary>
public sealed class CutConnections
{
    public static readonly CutConnections Instance = new();
}

/// <summary>How many connections there are: to the supervisor, answered with <see cref="ConnectionCount"/>.</summary>
public sealed class GetConnectionCount
{
    public static readonly GetConnectionCount Instance = new();
}

public sealed record ConnectionCount(int Open);

/// <summary>From the supervisor to a connection: finish what is under way, then say goodbye. No answer.</summary>
internal sealed class ServiceStopping
{
    public static readonly ServiceStopping Instance = new();
}

/// <summary>From a connection to itself: the pipe has octets, or its end, or trouble.</summary>
internal sealed class InputReady : IDeadLetterSuppression
{
    public static readonly InputReady Instance = new();
}

/// <summary>From a connection to itself: replies are sent.</summary>
internal sealed record OutputFlushed(FlushResult Result) : IDeadLetterSuppression;

/// <summary>From a connection to itself: the TLS handshake is done.</summary>
internal sealed class TlsEstablished : IDeadLetterSuppression
{
    public static readonly TlsEstablished Instance = new();
}

/// <summary>From a connection to itself: socket or handshake failed; nothing can be sent any more.</summary>
internal sealed record ConnectionBroken(Exception Cause) : IDeadLetterSuppression;

/// <summary>From a connection's timer to itself: look whether the peer took too long.</summary>
internal sealed class ProgressCheckDue : INotInfluenceReceiveTimeout, IDeadLetterSuppression
{
    public static readonly ProgressCheckDue Instance = new();
}

/// <summary>Bounds on the connections of one kind of listener.</summary>
/// <param name="Max">All together.</param>
/// <param name="MaxPerAddress">Of one client address.</param>
public sealed record ConnectionLimits(int Max, int MaxPerAddress)
{
    /// <summary>IPv6 clients are counted by their /64, since one client has all of it.</summary>
    public static IPAddress CountedAs(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6 || address.AddressFamily != System.Net.Sockets.AddressFamily.InterNetworkV6)
        {
            return address;
        }

        var octets = address.GetAddressBytes();
        octets.AsSpan(8).Clear();
        return new IPAddress(octets);
    }
}
