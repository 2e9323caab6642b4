using System.IO.Pipelines;
using System.Net;
using System.Text;
using Akka.Actor;
using MailCluster.Node.Listeners;
using MailCluster.Node.Listeners.Proxy;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;

namespace MailCluster.Node.Tests.Listeners;

/// <summary>A client that comes when the node's actors go: as when the others shut it out.</summary>
public sealed class MailConnectionHandlerTests : IAsyncLifetime
{
    private const string Refusal = "421 4.3.2 mail.hamburger.edu too many connections\r\n";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ActorSystem _system = ActorSystem.Create("handler", "akka.loglevel = OFF");
    private readonly Pipe _toClient = new();
    private readonly Pipe _fromClient = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _system.Terminate();

    [Fact]
    public async Task Who_comes_when_the_actors_have_ended_is_refused_at_once()
    {
        var handler = Handler(_system.DeadLetters);
        await _system.Terminate();

        await handler.OnConnectedAsync(Connection()).WaitAsync(Patience);

        Assert.Equal(Refusal, await SaidAsync());
    }

    [Fact]
    public async Task Whom_no_actor_took_before_they_ended_is_let_go()
    {
        var handler = Handler(_system.ActorOf(Props.Create(() => new DeafSupervisor())));
        var serving = handler.OnConnectedAsync(Connection());
        Assert.False(serving.IsCompleted);

        await _system.Terminate();

        await serving.WaitAsync(Patience);
        Assert.Equal("", await SaidAsync());
    }

    private MailConnectionHandler Handler(IActorRef supervisor)
    {
        var binding = new ListenerBinding(
            supervisor, _ => Props.Empty, Refusal, Tls: null, ImplicitTls: false, Patience, _system.WhenTerminated);
        var proxies = new ProxyHeaderReader("smtp", new ProxyNetworks([]), TimeProvider.System, NullLogger.Instance);
        return new MailConnectionHandler(proxies, new Lazy<ListenerBinding>(binding), NullLogger.Instance);
    }

    private DefaultConnectionContext Connection() => new("1")
    {
        Transport = new ClientPipes(_fromClient.Reader, _toClient.Writer),
        LocalEndPoint = new IPEndPoint(IPAddress.Loopback, 2525),
        RemoteEndPoint = new IPEndPoint(IPAddress.Loopback, 40_000),
    };

    private async Task<string> SaidAsync()
    {
        using var said = new MemoryStream();
        await _toClient.Reader.CopyToAsync(said).WaitAsync(Patience);
        return Encoding.ASCII.GetString(said.ToArray());
    }

    private sealed record ClientPipes(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    private sealed class DeafSupervisor : UntypedActor
    {
        protected override void OnReceive(object message)
        {
        }
    }
}
