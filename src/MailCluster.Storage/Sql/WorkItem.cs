using System.Threading.Channels;

namespace MailCluster.Storage.Sql;

/// <summary>A piece of work that waits for its session. It may run more than once, so it changes only the database.</summary>
internal abstract class WorkItem<TSession>
    where TSession : SqlSession
{
    /// <summary>True where the caller no longer wants it; the caller has then been told.</summary>
    public abstract bool EndIfCancelled();

    /// <summary>Runs the work within the open transaction and keeps its result back.</summary>
    public abstract void Run(TSession session);

    /// <summary>The transaction is on disk: tells the caller.</summary>
    public abstract void Complete();

    /// <summary>The transaction came to nothing: tells the caller.</summary>
    public abstract void Fail(Exception failure);

    /// <summary>
    /// The database is out of reach: tells all who wait by now, for each would wait for the time-out of one more attempt.
    /// </summary>
    public static void FailAll(ChannelReader<WorkItem<TSession>> waiting, Exception failure)
    {
        for (var left = waiting.Count; left > 0 && waiting.TryRead(out var item); left--)
        {
            if (!item.EndIfCancelled())
            {
                item.Fail(failure);
            }
        }
    }
}

/// <summary>The work as a function, and its result as a task.</summary>
internal sealed class WorkItem<TSession, TState, TResult>(
    TState state, Func<TSession, TState, TResult> work, CancellationToken cancellation) : WorkItem<TSession>
    where TSession : SqlSession
{
    // The continuations of callers must never run on the writer's thread.
    private readonly TaskCompletionSource<TResult> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TResult? _result;

    public Task<TResult> Done => _done.Task;

    // A cancelled caller is told only here, when the writer will never touch its buffers again.
    public override bool EndIfCancelled() =>
        cancellation.IsCancellationRequested && _done.TrySetCanceled(cancellation);

    public override void Run(TSession session) => _result = work(session, state);

    public override void Complete() => _done.TrySetResult(_result!);

    public override void Fail(Exception failure) => _done.TrySetException(failure);
}
