using System.Net;
using System.Text;
using Akka.Actor;
using Akka.Event;

namespace MailCluster.Actors.Connections;

/// <summary>
/// Parent of one node's connections of one kind: counts them, refuses what is too much, and sends all home when the
/// node goes away.
/// <code>
///   Active ──DrainConnections──▶ Draining ──last connection gone──▶ (ConnectionsDrained)
/// </code>
/// </summary>
public sealed class ConnectionSupervisorActor : UntypedActor
{
    private readonly ConnectionLimits _limits;
    private readonly Dictionary<IActorRef, (IPAddress CountedAs, IMailTransport Transport)> _connections = [];
    private readonly Dictionary<IPAddress, int> _perAddress = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private IActorRef? _drainer;

    public ConnectionSupervisorActor(ConnectionLimits limits) => _limits = limits;

    public static Props Props(ConnectionLimits limits) =>
        Akka.Actor.Props.Create(() => new ConnectionSupervisorActor(limits));

    /// <summary>A connection that failed is over: its peer has heard 421 or a reset, and state is nowhere but there.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case OpenConnection open:
                OnOpen(open);
                break;
            case Terminated gone:
                OnGone(gone.ActorRef);
                break;
            case DrainConnections:
                OnDrain();
                break;
            case CutConnections:
                OnCut();
                break;
            case GetConnectionCount:
                Sender.Tell(new ConnectionCount(_connections.Count));
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void OnOpen(OpenConnection open)
    {
        var address = ConnectionLimits.CountedAs(open.Transport.RemoteEndPoint.Address);
        var ofAddress = _perAddress.GetValueOrDefault(address);
        if (_drainer is not null || _connections.Count >= _limits.Max || ofAddress >= _limits.MaxPerAddress)
        {
            _log.Info("Connection from {Peer} refused: {Open} open, {OfAddress} of its address",
                open.Transport.RemoteEndPoint, _connections.Count, ofAddress);
            Refuse(open, _drainer is null ? open.Refusals.TooMany : open.Refusals.Unavailable);
            return;
        }

        var connection = Context.ActorOf(open.CreateActor(open.Transport));
        Context.Watch(connection);
        _connections.Add(connection, (address, open.Transport));
        _perAddress[address] = ofAddress + 1;
    }

    private static void Refuse(OpenConnection open, string refusal)
    {
        Encoding.ASCII.GetBytes(refusal, open.Transport.Output);
        _ = open.Transport.CloseAsync();
    }

    private void OnGone(IActorRef connection)
    {
        if (_connections.Remove(connection, out var was))
        {
            _ = was.Transport.CloseAsync(); // An actor that failed while it was made has not closed it itself.
            var address = was.CountedAs;
            var rest = _perAddress[address] - 1;
            if (rest == 0)
            {
                _perAddress.Remove(address);
            }
            else
            {
                _perAddress[address] = rest;
            }
        }

        TellWhenDrained();
    }

    private void OnDrain()
    {
        _drainer = Sender;
        foreach (var connection in _connections.Keys)
        {
            connection.Tell(ServiceStopping.Instance);
        }

        TellWhenDrained();
    }

    private void OnCut()
    {
        foreach (var connection in _connections.Keys)
        {
            Context.Stop(connection);
        }
    }

    private void TellWhenDrained()
    {
        if (_connections.Count == 0)
        {
            _drainer?.Tell(ConnectionsDrained.Instance);
        }
    }
}
