using System.Net.Security;
using Akka.Actor;
using MailCluster.Actors.Connections;

namespace MailCluster.Node.Listeners;

/// <summary>What a listener does with a connection.</summary>
/// <param name="Supervisor">Parent of the connection's actor.</param>
/// <param name="CreateActor">Makes the actor's Props.</param>
/// <param name="Refusals">What is said to clients that get no actor.</param>
/// <param name="Tls">Certificate and protocol versions at this moment; null where the listener has no TLS.</param>
/// <param name="ImplicitTls">RFC 8314: TLS from the first octet.</param>
/// <param name="HandshakeTimeout">How long a client may take for it.</param>
/// <param name="Joined">The node is a member of the cluster: before, its actors reach nobody.</param>
/// <param name="ActorsEnded">The actor system is gone, and the supervisor with it.</param>
internal sealed record ListenerBinding(
    IActorRef Supervisor, Func<IMailTransport, Props> CreateActor, Refusals Refusals,
    Func<SslServerAuthenticationOptions>? Tls, bool ImplicitTls, TimeSpan HandshakeTimeout, Task Joined,
    Task ActorsEnded);
