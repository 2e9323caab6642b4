namespace MailCluster.Storage.Sql;

/// <summary>
/// Work for a writer that nobody waits for. Whatever a piece of it takes, the others have the writer so much longer before
/// the next that no more than the share is lost to them, unless none of them comes: an idle writer is used.
/// Safe for any number of callers.
/// </summary>
/// <param name="share">Of the writer's time, from 0 to 1; with 0 there is no next while others come.</param>
internal sealed class WritesBehind<TSession>(GroupWriter<TSession> writer, double share, TimeProvider time)
    where TSession : SqlSession
{
    /// <summary>Where nobody else has come for so long, nobody is thought to be coming.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(10);

    /// <summary>A timestamp.</summary>
    private long _next = long.MinValue;

    /// <inheritdoc cref="GroupWriter{TSession}.WriteAsync"/>
    public async Task<TResult> WriteAsync<TState, TResult>(
        TState state, Func<TSession, TState, TResult> work, CancellationToken cancellation)
    {
        await GiveWayAsync(cancellation).ConfigureAwait(false);
        var begin = time.GetTimestamp();
        var result = await writer.WriteAsync(state, work, cancellation).ConfigureAwait(false);
        var end = time.GetTimestamp();
        Volatile.Write(ref _next, share > 0 ? end + (long)((end - begin) * ((1 / share) - 1)) : long.MaxValue);
        return result;
    }

    private async Task GiveWayAsync(CancellationToken cancellation)
    {
        while (time.GetTimestamp() < Volatile.Read(ref _next))
        {
            var before = writer.Asked;
            await Task.Delay(Quiet, time, cancellation).ConfigureAwait(false);
            if (writer.Asked == before)
            {
                return;
            }
        }
    }
}
