using Akka.Actor;
using Akka.Hosting;
using MailCluster.Actors.Connections;
using MailCluster.Actors.Connections.Imap;
using MailCluster.Actors.Connections.Pop3;
using MailCluster.Actors.Connections.Smtp;
using MailCluster.Node.Configuration;

namespace MailCluster.Node.Listeners;

/// <summary>
/// The first step of a stop: clients are told to come again and may finish what is under way, but not for longer than
/// the node has time. Before everything else, since Kestrel stops first and waits for each of its connections, however
/// idle, and the actors, who could end them, are stopped after it.
/// </summary>
internal sealed class ConnectionDrain(
    MailClusterOptions options, ActorSystem system, IRequiredActor<SmtpConnectionActor> smtp,
    IRequiredActor<Pop3ConnectionActor> pop3, IRequiredActor<ImapConnectionActor> imap)
    : IHostedLifecycleService
{
    public Task StoppingAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(DrainAsync(smtp.ActorRef), DrainAsync(pop3.ActorRef), DrainAsync(imap.ActorRef));

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task DrainAsync(IActorRef supervisor)
    {
        if (system.WhenTerminated.IsCompleted)
        {
            return; // Shut out of the cluster: the actors have ended already, and their connections with them.
        }

        try
        {
            await supervisor.Ask<ConnectionsDrained>(DrainConnections.Instance, options.Node.ShutdownTimeout);
        }
        catch (AskTimeoutException)
        {
            // Their peers try again.
            supervisor.Tell(CutConnections.Instance, ActorRefs.NoSender);
        }
    }
}
