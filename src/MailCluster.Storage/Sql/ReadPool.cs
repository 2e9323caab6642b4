using System.Collections.Concurrent;
using System.Data.Common;

namespace MailCluster.Storage.Sql;

/// <summary>
/// Readers of a database in this process: a query runs at once on the caller's thread. A snapshot held for long would
/// keep the writer's log from being taken up.
/// </summary>
internal sealed class ReadPool<TSession>(SqlDatabase database, Func<SqlDatabase, TSession> open) : Reads<TSession>
    where TSession : SqlSession
{
    /// <summary>More are opened when more threads read at the same time, but not kept.</summary>
    private static readonly int MostKept = Environment.ProcessorCount * 2;

    private readonly ConcurrentBag<TSession> _idle = [];
    private volatile bool _closed;

    public override Task<TResult> ReadAsync<TState, TResult>(
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

    public override void Dispose()
    {
        _closed = true;
        while (_idle.TryTake(out var session))
        {
            session.Dispose();
        }
    }

    private TResult Read<TState, TResult>(TState state, Func<TSession, TState, TResult> query)
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

    private TSession Rent()
    {
        if (_closed)
        {
            throw new StorageException("The store is closed.");
        }

        return _idle.TryTake(out var session) ? session : open(database);
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
