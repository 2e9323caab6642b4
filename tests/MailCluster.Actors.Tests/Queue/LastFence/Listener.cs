using System.Collections.Immutable;
using Akka.Actor;

namespace MailCluster.Actors.Tests.Queue.LastFence;

/// <summary>Keeps whatever it is told, in order, for a test to look at.</summary>
internal sealed class Listener : UntypedActor
{
    private ImmutableArray<object> _heard = [];

    public static Props Props() => Akka.Actor.Props.Create(() => new Listener());

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case GetHeard:
                Sender.Tell(new Heard(_heard));
                break;
            case WatchActor watch:
                Context.Watch(watch.Actor);
                break;
            default:
                _heard = _heard.Add(message);
                break;
        }
    }

    /// <summary>From the test: also a barrier behind all that was told before.</summary>
    internal sealed record GetHeard;

    internal sealed record Heard(ImmutableArray<object> Messages);

    /// <summary>From the test: the end of this actor is to be heard, too.</summary>
    internal sealed record WatchActor(IActorRef Actor);
}
