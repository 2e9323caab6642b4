using Akka.Actor;

namespace MailCluster.Actors.Connections;

/// <summary>
/// Makes a connection's actor by calling its constructor. Props from an expression compile that anew for each argument,
/// which for an actor per connection costs more than the connection does.
/// </summary>
internal sealed class ConnectionFactory<TConnection>(Func<TConnection> create) : IIndirectActorProducer
    where TConnection : ConnectionActor
{
    public Type ActorType => typeof(TConnection);

    public static Props Props(Func<TConnection> create) =>
        Akka.Actor.Props.CreateBy(new ConnectionFactory<TConnection>(create));

    public ActorBase Produce() => create();

    public void Release(ActorBase actor)
    {
        // It closes what it owns when it stops.
    }
}
