namespace MailCluster.Storage.Sql;

/// <summary>
/// Work for a writer that nobody waits for. Whatever a piece of it takes, the others have the writer four times as long
/// before the next, unless none of them comes: so they lose a fifth of it at most, and an idle writer is used.
/// Safe for any number of callers.
/// </summary>
internal sealed class WritesBehind<TSession>(GroupWriter<TSession> writer, TimeProvider time)
    where TSession : SqlSession
{
    /// <summary>For each time of its own.</summary>
    public const int TimesOfOthers = 4;

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
        Volatile.Write(ref _next, end + (TimesOfOthers * (end - begin)));
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
