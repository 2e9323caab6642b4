using System.Collections.Concurrent;
using System.Data.Common;

namespace MailCluster.Storage.Sql;

/// <summary>
/// Connections for reading. A query runs at once on the caller's thread, and is short: none holds a snapshot that would
/// keep the writer's log from being taken up. Safe for any number of threads.
/// </summary>
internal sealed class ReadPool<TSession>(SqlDatabase database, Func<DbConnection, TSession> open) : IDisposable
    where TSession : SqlSession
{
    /// <summary>More are opened when more threads read at the same time, but not kept.</summary>
    private static readonly int MostKept = Environment.ProcessorCount * 2;

    private readonly ConcurrentBag<TSession> _idle = [];
    private volatile bool _closed;

    /// <exception cref="StorageException">The database failed.</exception>
    public TResult Read<TState, TResult>(TState state, Func<TSession, TState, TResult> query)
    {
        TSession? session = null;
        try
        {
            session = Rent();
            var result = query(session, state);
            Return(session);
            return result;
        }
        catch (Exception failure)
        {
            session?.Dispose(); // It may be in the middle of something: the next reader opens a new one.
            if (failure is DbException trouble)
            {
                throw database.Translate(trouble);
            }

            throw;
        }
    }

    /// <summary>As <see cref="Read"/>; a failure is the task's.</summary>
    public Task<TResult> ReadAsync<TState, TResult>(
        TState state, Func<TSession, TState, TResult> query, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
        {
            return Task.FromCanceled<TResult>(cancellation);
        }

        try
        {
            return Task.FromResult(Read(state, query));
        }
        catch (Exception failure)
        {
            return Task.FromException<TResult>(failure);
        }
    }

    public void Dispose()
    {
        _closed = true;
        while (_idle.TryTake(out var session))
        {
            session.Dispose();
        }
    }

    private TSession Rent()
    {
        if (_closed)
        {
            throw new StorageException("The store is closed.");
        }

        return _idle.TryTake(out var session) ? session : open(database.Open());
    }

    private void Return(TSession session)
    {
        if (_closed || _idle.Count >= MostKept)
        {
            session.Dispose();
        }
        else
        {
            _idle.Add(session);
        }
    }
}
