using Akka.Actor;
using MailCluster.Node.Configuration;
using AkkaCluster = Akka.Cluster.Cluster;

namespace MailCluster.Node.Membership;

/// <summary>
/// Finds out that the process was asleep: a virtual machine that was suspended, a laptop whose lid was shut. By then
/// the others may have taken over what this node holds, and it has not heard of it yet. So it writes nothing more of
/// its own, leaves, and comes back as a new member. Alone on its database a node may sleep as long as it likes.
/// Safe for any number of threads.
/// </summary>
internal sealed class SleepGuard : IDisposable
{
    /// <summary>Beside the time that the others wait before they act: what a failure detector needs at the least.</summary>
    private static readonly TimeSpan Detection = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500);

    private readonly ActorSystem _system;
    private readonly TimeProvider _time;
    private readonly ILogger<SleepGuard> _logger;
    private readonly TimeSpan _limit;
    private readonly ITimer? _timer;
    private long _awakeAt;
    private int _slept;

    public SleepGuard(ActorSystem system, MailClusterOptions options, TimeProvider time, ILogger<SleepGuard> logger)
    {
        _system = system;
        _time = time;
        _logger = logger;
        _limit = options.Cluster.StableAfter + Detection;
        _awakeAt = time.GetUtcNow().UtcTicks;
        _timer = options.Storage.Provider == StorageProvider.Postgres
            ? time.CreateTimer(_ => MayWrite(), null, Tick, Tick)
            : null;
    }

    /// <summary>False from the moment on at which the process woke from a sleep that was too long.</summary>
    public bool MayWrite()
    {
        if (_timer is null)
        {
            return true;
        }

        // By the clock of the wall: the monotonic one may stand still while a machine is suspended.
        var now = _time.GetUtcNow().UtcTicks;
        var slept = TimeSpan.FromTicks(now - Interlocked.Exchange(ref _awakeAt, now));
        if (slept > _limit && Interlocked.Exchange(ref _slept, 1) == 0)
        {
            OnSlept(slept);
        }

        return Volatile.Read(ref _slept) == 0;
    }

    public void Dispose() => _timer?.Dispose();

    private void OnSlept(TimeSpan slept)
    {
        var cluster = AkkaCluster.Get(_system);
        if (cluster.State.Members.Count <= 1)
        {
            Volatile.Write(ref _slept, 0);
            return;
        }

        _logger.Slept(slept.TotalSeconds);
        cluster.Down(cluster.SelfAddress);
    }
}

internal static partial class SleepGuardLog
{
    [LoggerMessage(
        EventId = 310, Level = LogLevel.Warning,
        Message = "This process was asleep for {Seconds:0.0} s: it writes nothing more, and joins anew")]
    public static partial void Slept(this ILogger<SleepGuard> logger, double seconds);
}
