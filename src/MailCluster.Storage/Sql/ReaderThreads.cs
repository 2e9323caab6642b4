using System.Data;
using System.Data.Common;
using System.Threading.Channels;

namespace MailCluster.Storage.Sql;

/// <summary>
/// Readers of a database behind a network: a query waits for its answer on a thread of its own, never on an actor's, and
/// each thread keeps one connection with its prepared statements. So a slow database holds up its callers alone.
/// </summary>
internal sealed class ReaderThreads<TSession> : Reads<TSession>
    where TSession : SqlSession
{
    /// <summary>Callers beyond these wait before they enter the queue.</summary>
    private const int Capacity = 4096;

    private readonly SqlDatabase _database;
    private readonly Func<SqlDatabase, TSession> _open;
    private readonly Channel<WorkItem<TSession>> _queries =
        Channel.CreateBounded<WorkItem<TSession>>(new BoundedChannelOptions(Capacity));

    public ReaderThreads(string name, int count, SqlDatabase database, Func<SqlDatabase, TSession> open)
    {
        _database = database;
        _open = open;
        for (var i = 0; i < count; i++)
        {
            new Thread(Run) { Name = $"{name} reader {i}", IsBackground = true }.Start();
        }
    }

    public override async Task<TResult> ReadAsync<TState, TResult>(
        TState state, Func<TSession, TState, TResult> query, CancellationToken cancellation)
    {
        var item = new WorkItem<TSession, TState, TResult>(state, query, cancellation);
        try
        {
            await _queries.Writer.WriteAsync(item, cancellation).ConfigureAwait(false);
        }
        catch (ChannelClosedException closed)
        {
            throw new StorageException("The store is closed.", closed);
        }

        return await item.Done.ConfigureAwait(false);
    }

    /// <summary>Answers what was asked; the threads end by themselves.</summary>
    public override void Dispose() => _queries.Writer.TryComplete();

    private void Run()
    {
        TSession? session = null;
        while (_queries.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (_queries.Reader.TryRead(out var query))
            {
                if (!query.EndIfCancelled())
                {
                    Answer(query, ref session);
                }
            }
        }

        Close(ref session);
    }

    private void Answer(WorkItem<TSession> query, ref TSession? session)
    {
        var isOld = session is not null;
        var failure = TryRun(query, ref session, out var isReached);
        if (failure is not null && isOld && session is null)
        {
            // The connection died while it was idle, as all do when the server starts anew.
            failure = TryRun(query, ref session, out isReached);
        }

        if (failure is null)
        {
            query.Complete();
        }
        else
        {
            query.Fail(failure);
            if (!isReached)
            {
                WorkItem<TSession>.FailAll(_queries.Reader, failure);
            }
        }
    }

    /// <summary>The session is null behind a failure that it did not outlive.</summary>
    private Exception? TryRun(WorkItem<TSession> query, ref TSession? session, out bool isReached)
    {
        isReached = false;
        try
        {
            session ??= _open(_database);
            isReached = true;
            query.Run(session);
            return null;
        }
        catch (Exception failure)
        {
            var told = _database.Explain(failure, session?.Connection);
            if (session?.Connection.State != ConnectionState.Open)
            {
                Close(ref session);
            }

            return told;
        }
    }

    /// <summary>A connection that is broken may fail once more as it is closed: the thread outlives that.</summary>
    private static void Close(ref TSession? session)
    {
        try
        {
            session?.Dispose();
        }
        catch (Exception trouble) when (trouble is DbException or InvalidOperationException)
        {
            // Nothing is left of it.
        }

        session = null;
    }
}
