namespace MailCluster.Storage.Sql;

/// <summary>
/// Runs queries of one subject, each short: none holds a snapshot of the database for longer than it runs. Safe for any
/// number of threads.
/// </summary>
internal abstract class Reads<TSession> : IDisposable
    where TSession : SqlSession
{
    /// <summary>Runs the query; it may run twice, so it only reads.</summary>
    /// <exception cref="StorageException">The database failed.</exception>
    public abstract Task<TResult> ReadAsync<TState, TResult>(
        TState state, Func<TSession, TState, TResult> query, CancellationToken cancellation);

    public abstract void Dispose();
}
