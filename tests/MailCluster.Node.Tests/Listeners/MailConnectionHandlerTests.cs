using System.IO.Pipelines;
using System.Net;
using System.Text;
using Akka.Actor;
using MailCluster.Actors.Connections;
using MailCluster.Node.Listeners;
using MailCluster.Node.Listeners.Proxy;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;

namespace MailCluster.Node.Tests.Listeners;

/// <summary>A client that comes when the node's actors go: as when the others shut it out.</summary>
public sealed class MailConnectionHandlerTests : IAsyncLifetime
{
    private const string Refusal = "421 4.3.2 mail.hamburger.edu service not available\r\n";

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
    public async Task Who_comes_to_a_node_that_the_others_do_not_let_in_is_sent_to_them()
    {
        var time = new FakeTime();
        var serving = Handler(_system.DeadLetters, new TaskCompletionSource().Task, time).OnConnectedAsync(Connection());
        Assert.False(serving.IsCompleted); // it may get in yet

        time.Pass();

        await serving.WaitAsync(Patience);
        Assert.Equal(Refusal, await SaidAsync());
    }

    [Fact]
    public async Task Who_comes_before_the_node_is_a_member_waits_for_it()
    {
        var joined = new TaskCompletionSource();
        var supervisor = new TaskCompletionSource();
        var handler = Handler(_system.ActorOf(Props.Create(() => new EagerSupervisor(supervisor))), joined.Task);
        var serving = handler.OnConnectedAsync(Connection());
        Assert.False(supervisor.Task.IsCompleted);

        joined.SetResult();

        await supervisor.Task.WaitAsync(Patience);
        await _system.Terminate();
        await serving.WaitAsync(Patience);
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

    private MailConnectionHandler Handler(IActorRef supervisor, Task? joined = null, TimeProvider? time = null)
    {
        var binding = new ListenerBinding(
            supervisor, _ => Props.Empty, new Refusals("421 too many\r\n", Refusal), Tls: null, ImplicitTls: false, Patience,
            joined ?? Task.CompletedTask, _system.WhenTerminated);
        var proxies = new ProxyHeaderReader("smtp", new ProxyNetworks([]), TimeProvider.System, NullLogger.Instance);
        return new MailConnectionHandler(
            proxies, new Lazy<ListenerBinding>(binding), time ?? TimeProvider.System, NullLogger.Instance);
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

    private sealed class EagerSupervisor(TaskCompletionSource asked) : UntypedActor
    {
        protected override void OnReceive(object message) => asked.TrySetResult();
    }

    /// <summary>Nothing is due before its time has passed.</summary>
    private sealed class FakeTime : TimeProvider
    {
        private readonly List<(TimerCallback Callback, object? State)> _due = [];

        public void Pass()
        {
            foreach (var (callback, state) in _due)
            {
                callback(state);
            }
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _due.Add((callback, state));
            return new FakeTimer();
        }
    }

    private sealed class FakeTimer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class DeafSupervisor : UntypedActor
    {
        protected override void OnReceive(object message)
        {
        }
    }
}
