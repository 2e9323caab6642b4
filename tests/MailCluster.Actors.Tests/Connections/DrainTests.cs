using Akka.Actor;
using Akka.Hosting;
using MailCluster.Actors.Connections;
using MailCluster.Actors.Connections.Smtp;
using MailCluster.Actors.Hosting;
using MailCluster.Actors.Tests.Fakes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MailCluster.Actors.Tests.Connections;

/// <summary>How long a node that ends waits for a connection that does not.</summary>
public sealed class DrainTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TaskCompletionSource<IActorRef> _told = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IHost _host = null!;

    private ActorSystem System => _host.Services.GetRequiredService<ActorSystem>();

    public async Task InitializeAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddAkka("mailcluster", akka => akka
            .WithConnections<SmtpConnectionActor>("smtp", new ConnectionLimits(10, 10), 3 * Patience)
            .AddHocon(
                "akka { loglevel = OFF, coordinated-shutdown.phases.service-requests-done.timeout = 120 s }",
                HoconAddMode.Prepend));
        _host = builder.Build();
        await _host.StartAsync();
        System.ActorSelection("/user/smtp").Tell(
            new OpenConnection(
                new PipeTransport(), _ => Props.Create(() => new StuckConnection(_told)),
                new Refusals("421 too many\r\n", "421 going\r\n")));
    }

    public async Task DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    [Fact]
    public async Task A_node_that_leaves_waits_for_it()
    {
        var leaving = CoordinatedShutdown.Get(System).Run(CoordinatedShutdown.ClusterLeavingReason.Instance);
        var connection = await _told.Task.WaitAsync(Patience);
        Assert.False(leaving.IsCompleted);
        connection.Tell(PoisonPill.Instance);
        await leaving.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_node_that_was_shut_out_tells_it_and_goes() =>
        await CoordinatedShutdown.Get(System).Run(CoordinatedShutdown.ClusterDowningReason.Instance).WaitAsync(Patience);

    private sealed class StuckConnection(TaskCompletionSource<IActorRef> told) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is ServiceStopping)
            {
                told.TrySetResult(Self);
            }
        }
    }
}
