using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using MailCluster.Actors.Connections;
using MailCluster.Mail.Replies;
using MailCluster.Queue;

namespace MailCluster.Actors.Delivery;

/// <summary>
/// How connections come to be: hosts are tried in order until one greets us; a host that breaks off in the TLS
/// handshake is tried once more without, where TLS is not required. When the last host of a dial failed and no
/// connection is left, the next hop is left alone for a while, and all that waits hears why.
/// </summary>
public sealed partial class DestinationActor
{
    private void Resolve()
    {
        if (_resolving)
        {
            return;
        }

        _resolving = true;
        ResolveAsync(_hop!).PipeTo(Self);

        async Task<HostsResolved> ResolveAsync(NextHop hop)
        {
            try
            {
                return new HostsResolved(await _services.Resolver.ResolveAsync(hop, _stoppingSource.Token));
            }
            catch (Exception trouble)
            {
                // Whatever a resolver trips over, tomorrow's answer may be better: transient.
                return new HostsResolved(new HostPlan.Unroutable(new Reply(
                    ReplyCode.LocalError, EnhancedStatusCode.DirectoryFailure, $"DNS lookup failed: {trouble.Message}")));
            }
        }
    }

    private void OnHostsResolved(HostPlan plan)
    {
        _resolving = false;
        if (plan is HostPlan.Hosts hosts)
        {
            _hosts = hosts;
            _hostsGoodUntil = Now + hosts.TimeToLive;
            Pump();
            return;
        }

        var reply = ((HostPlan.Unroutable)plan).Reply;
        if (reply.IsPermanent)
        {
            AnswerWaiting(OutcomeKind.Failed, reply);
        }
        else
        {
            LeaveAlone(reply);
        }
    }

    private void Dial(Dial dial)
    {
        _dialing++;
        ConnectAsync().PipeTo(Self);

        async Task<object> ConnectAsync()
        {
            try
            {
                var tls = new OutboundTls(dial.Host.Name, _services.Routes.RequiresTls(_hop!));
                var transport = await _services.Connector.ConnectAsync(dial.Host.EndPoint, tls, _stoppingSource.Token);
                return new Connected(dial, transport);
            }
            catch (Exception trouble)
            {
                // Whatever a connector trips over: no connection now, perhaps one later.
                return new ConnectFailed(dial, new Reply(
                    ReplyCode.ServiceNotAvailable, EnhancedStatusCode.NoAnswer, $"{dial.Host}: {trouble.Message}"));
            }
        }
    }

    private void OnConnected(Connected connected)
    {
        _dialing--;
        if (_stopping && _inHand.Count == 0)
        {
            _ = connected.Transport.CloseAsync();
            return;
        }

        var options = _services.Routes.ClientOptions(_hop!, connected.Dial.AvoidTls);
        var relay = Context.ActorOf(RelayConnectionActor.Props(
            connected.Transport, connected.Dial.Host, options, _settings, _services.Spool, _services.Time));
        Context.Watch(relay);
        _relays.Add(relay, new RelayState(connected.Dial));
    }

    private void OnRelayReady(IActorRef relay)
    {
        if (_relays.TryGetValue(relay, out var state))
        {
            state.WasReady = true;
            _idle.Push(relay);
            Pump();
        }
    }

    private void OnRelayEnded(IActorRef relay, RelayEnded ended)
    {
        var known = Forget(relay, out var state);
        if (state?.Attempt is { } unbegun)
        {
            // What a connection began it has answered before it ended: this one reached it too late.
            TakeBack(unbegun);
        }

        if (!known || ended.Quitting)
        {
            Pump();
            return;
        }

        if (ended.WasReady)
        {
            _log.Info("{NextHop} lost {Host}: {Reply}", _hop, ended.Host, ended.Reply);
            _concurrency.OnFailure();
            Pump();
        }
        else
        {
            OnDialFailed(state!.Dial, ended.Reply, ended.TlsFailed);
        }
    }

    /// <summary>A connection's actor that failed without a word.</summary>
    private void OnRelayGone(IActorRef relay)
    {
        if (Forget(relay, out var state))
        {
            _concurrency.OnFailure();
            if (state?.Attempt is { } attempt)
            {
                Defer(attempt, new Reply(
                    ReplyCode.LocalError, EnhancedStatusCode.BadConnection, $"{state.Dial.Host}: connection failed"));
            }
        }

        Pump();
    }

    private bool Forget(IActorRef relay, out RelayState? state)
    {
        if (!_relays.Remove(relay, out state))
        {
            return false;
        }

        if (_idle.Contains(relay))
        {
            var rest = _idle.Where(r => !r.Equals(relay)).Reverse().ToArray();
            _idle.Clear();
            foreach (var other in rest)
            {
                _idle.Push(other);
            }
        }

        return true;
    }

    private void OnDialFailed(Dial dial, Reply reply, bool tlsFailed)
    {
        _log.Info("{NextHop} cannot use {Host}: {Reply}", _hop, dial.Host, reply);
        if (tlsFailed && !dial.AvoidTls && !_services.Routes.RequiresTls(_hop!))
        {
            Dial(dial with { AvoidTls = true });
        }
        else if (dial.Next is { } next)
        {
            Dial(next);
        }
        else if (_relays.Values.Any(r => r.WasReady))
        {
            _concurrency.OnFailure();
        }
        else if (_dialing == 0 && _relays.Count == 0)
        {
            LeaveAlone(reply);
        }
    }

    private void LeaveAlone(Reply reply)
    {
        _concurrency.OnFailure();
        _backOff.OnFailure(Now);
        _lastFailure = reply;
        _hosts = null;
        _log.Warning("{NextHop} is left alone until {Until:u}, {Waiting} attempts deferred: {Reply}",
            _hop, _backOff.Until, _waiting.Count, reply);
        AnswerWaiting(OutcomeKind.Deferred, reply);
    }

    /// <summary>To itself: where the next hop is.</summary>
    private sealed record HostsResolved(HostPlan Plan) : IDeadLetterSuppression;

    /// <summary>To itself: TCP is up.</summary>
    private sealed record Connected(Dial Dial, IMailTransport Transport) : IDeadLetterSuppression;

    /// <summary>To itself: no TCP connection.</summary>
    private sealed record ConnectFailed(Dial Dial, Reply Reply) : IDeadLetterSuppression;
}

/// <summary>One try to get a connection, over the hosts in order.</summary>
internal sealed record Dial(ImmutableArray<RelayHost> Hosts, int Index, bool AvoidTls)
{
    public RelayHost Host => Hosts[Index];

    public Dial? Next => Index + 1 < Hosts.Length ? this with { Index = Index + 1, AvoidTls = false } : null;
}
