namespace MailCluster.Actors.Tests.Fakes;

/// <summary>A clock that keeps the next one who asks it for the time waiting: stops an actor where it is.</summary>
internal sealed class GatedTime(ManualTime time) : TimeProvider
{
    private Gate? _gate;

    public override long TimestampFrequency => time.TimestampFrequency;

    /// <summary>The next one who asks for the time waits until the gate is opened.</summary>
    public Gate Close() => _gate = new Gate();

    public override DateTimeOffset GetUtcNow()
    {
        _gate?.Pass();
        return time.GetUtcNow();
    }

    public override long GetTimestamp()
    {
        _gate?.Pass();
        return time.GetTimestamp();
    }

    internal sealed class Gate
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Somebody waits at the gate.</summary>
        public Task Reached => _reached.Task;

        public void Open() => _open.TrySetResult();

        public void Pass()
        {
            if (_reached.TrySetResult())
            {
                _open.Task.Wait(Patience);
            }
        }
    }
}
