using Akka.Actor;
using Akka.TestKit.Xunit2;
using MailCluster.Actors.Connections;
using MailCluster.Actors.Tests.Fakes;

namespace MailCluster.Actors.Tests.Connections;

public sealed class ConnectionSupervisorTests() : TestKit("akka.loglevel = OFF")
{
    [Fact]
    public async Task A_connection_whose_actor_fails_at_its_start_is_closed_and_no_longer_counted()
    {
        var supervisor = Sys.ActorOf(ConnectionSupervisorActor.Props(new ConnectionLimits(1, 1)));
        foreach (var transport in (PipeTransport[])[new PipeTransport(), new PipeTransport()])
        {
            supervisor.Tell(new OpenConnection(transport, _ => Props.Create(() => new StillBorn()), new Refusals("421 too many\r\n", "421 going\r\n")));
            await transport.Closed.WaitAsync(RemainingOrDefault);
            await AwaitAssertAsync(async () =>
            {
                var count = await supervisor.Ask<ConnectionCount>(GetConnectionCount.Instance, RemainingOrDefault);
                Assert.Equal(0, count.Open);
            });
        }
    }

    private sealed class StillBorn : UntypedActor
    {
        protected override void PreStart() => throw new InvalidOperationException("no memory for this one");

        protected override void OnReceive(object message) => Unhandled(message);
    }
}
