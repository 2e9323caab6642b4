using System.Collections.Immutable;
using Akka.Actor;
using Akka.Hosting;
using MailCluster.Actors.Delivery;
using MailCluster.Actors.Hosting;
using MailCluster.Actors.Queue;
using MailCluster.Actors.Tests.Fakes;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Envelopes;
using MailCluster.Mail.Identity;
using MailCluster.Queue;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Envelope = MailCluster.Mail.Envelopes.Envelope;

namespace MailCluster.Actors.Tests.Queue.LastFence;

/// <summary>
/// A copy of partition 0 in an actor system of its own, over a journal that it may share with others: what must never be,
/// and is where each of two nodes takes the other for dead.
/// </summary>
internal sealed class PartitionCopy : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly DomainName Own = DomainName.Parse("mail.hamburger.edu");

    private readonly IHost _host;
    private readonly IActorRef _destinations;
    private readonly IActorRef _client;
    private readonly int _eventsPerSnapshot;
    private IActorRef _partition = ActorRefs.Nobody;

    private PartitionCopy(IHost host, int eventsPerSnapshot)
    {
        _host = host;
        _eventsPerSnapshot = eventsPerSnapshot;
        var system = host.Services.GetRequiredService<ActorSystem>();
        _destinations = system.ActorOf(Listener.Props(), "destinations");
        _client = system.ActorOf(Listener.Props(), "client");
    }

    public static async Task<PartitionCopy> StartAsync(Action<AkkaConfigurationBuilder> addJournal, int eventsPerSnapshot)
    {
        var host = new HostBuilder()
            .ConfigureServices(services => services.AddAkka("mailcluster", (akka, _) =>
            {
                akka.WithMailClusterDefaults();
                addJournal(akka);
                akka.AddHocon("akka { loglevel = OFF, stdout-loglevel = OFF }", HoconAddMode.Prepend);
            }))
            .Build();
        await host.StartAsync();
        var copy = new PartitionCopy(host, eventsPerSnapshot);
        await copy.BeginAsync();
        return copy;
    }

    /// <summary>The next incarnation; comes back when it has recovered.</summary>
    public async Task BeginAsync()
    {
        _partition = _host.Services.GetRequiredService<ActorSystem>().ActorOf(QueuePartitionActor.Props(
            0,
            new QueuePartitionServices(
                _destinations, ActorRefs.Nobody, new MemorySpool(), new EmptyDirectory(),
                new RelayRoutes(new RouteTable([], null), Own, RouteTls.Opportunistic), Own,
                new QueuePartitionSettings
                {
                    Queue = new QueueSettings { Schedule = RetrySchedule.Default },
                    EventsPerSnapshot = _eventsPerSnapshot,
                },
                TimeProvider.System, () => 0.5)));
        _client.Tell(new Listener.WatchActor(_partition));
        await HasAsync(QueueId.New(0, DateTimeOffset.UtcNow));
    }

    /// <summary>Asks it to take a message; the answer, if there is one, is in <see cref="AcceptedAsync"/>.</summary>
    public void Send(QueueId id) => _partition.Tell(Message(id), _client);

    /// <summary>Sends it and waits until it is taken.</summary>
    public async Task EnqueueAsync(QueueId id)
    {
        Send(id);
        await WaitForAsync(async () => (await AcceptedAsync()).Contains(id), $"{id} accepted");
    }

    /// <summary>Whether the queue has it, by what this copy knows.</summary>
    public async Task<bool> HasAsync(QueueId id) =>
        (await _partition.Ask<MessageDetails>(new GetMessage(id), Patience)).Entry is not null;

    /// <summary>What this copy's client was told that the queue owns.</summary>
    public async Task<ImmutableArray<QueueId>> AcceptedAsync() =>
        [.. (await HeardAsync(_client)).OfType<MessageAccepted>().Select(accepted => accepted.QueueId)];

    /// <summary>What went from this copy to destinations.</summary>
    public async Task<ImmutableArray<QueueId>> HandedOutAsync() =>
        [.. (await HeardAsync(_destinations)).OfType<AttemptDelivery>().Select(attempt => attempt.QueueId)];

    public async Task<bool> HasStoppedAsync() =>
        (await HeardAsync(_client)).OfType<Terminated>().Any(gone => gone.ActorRef.Equals(_partition));

    /// <summary>As in a hand-over to another node: it stops when all it has begun is durable.</summary>
    public Task EndAsync()
    {
        _partition.Tell(StopPartition.Instance);
        return WaitUntilStoppedAsync();
    }

    public Task WaitUntilStoppedAsync() => WaitForAsync(HasStoppedAsync, "the end of the partition's actor");

    /// <summary>Waits until it is so, and says what was missing.</summary>
    public static async Task WaitForAsync(Func<Task<bool>> condition, string expected)
    {
        using var timeout = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition())
        {
            if (timeout.IsCancellationRequested)
            {
                throw new TimeoutException($"Not in {Patience}: {expected}");
            }

            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private static async Task<ImmutableArray<object>> HeardAsync(IActorRef listener) =>
        (await listener.Ask<Listener.Heard>(new Listener.GetHeard(), Patience)).Messages;

    private static EnqueueMessage Message(QueueId id)
    {
        var path = new ForwardPath(MailAddress.Parse("x@one.example"));
        return new EnqueueMessage(
            id,
            new Envelope
            {
                ReversePath = new ReversePath(MailAddress.Parse("a@b.example")),
                Recipients =
                [
                    new EnvelopeRecipient(
                        path, DsnNotify.Unspecified, null, [new ResolvedRecipient(path, new DeliveryTarget.Remote(path.Domain))]),
                ],
            },
            100);
    }
}
