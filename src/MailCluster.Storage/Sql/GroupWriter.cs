using System.Data;
using System.Data.Common;
using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace MailCluster.Storage.Sql;

/// <summary>
/// The one writer of a database: everything that waits goes into one transaction, so that a hundred callers share one
/// wait for the disk. Works on a thread of its own, because the database is called synchronously. Where a group fails,
/// its items are tried again one by one, so that a bad one fails alone; good groups pay nothing for that.
/// Safe for any number of callers.
/// </summary>
internal sealed class GroupWriter<TSession> : IAsyncDisposable
    where TSession : SqlSession
{
    /// <summary>Callers beyond these wait before they enter the queue.</summary>
    private const int Capacity = 4096;

    /// <summary>With chunks of 64 KiB this makes transactions of at most 16 MiB.</summary>
    private const int LargestGroup = 256;

    /// <summary>
    /// One that is tried alone may stand before a lock that somebody holds for long. Where a second does, so may all
    /// the others, as when a node hangs in the middle of its group: they are not made to wait one after the other.
    /// </summary>
    private const int MostTimeOuts = 2;

    private readonly SqlDatabase _database;
    private readonly Func<SqlDatabase, TSession> _open;
    private readonly Channel<WorkItem<TSession>> _items =
        Channel.CreateBounded<WorkItem<TSession>>(new BoundedChannelOptions(Capacity) { SingleReader = true });

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private long _asked;

    // Touched only by the writer's thread.
    private readonly List<WorkItem<TSession>> _group = new(LargestGroup);
    private TSession? _session;
    private Statement? _begin;
    private Statement? _commit;

    public GroupWriter(string name, SqlDatabase database, Func<SqlDatabase, TSession> open)
    {
        _database = database;
        _open = open;
        new Thread(Run) { Name = name, IsBackground = true }.Start();
    }

    /// <summary>How often it was given work so far.</summary>
    public long Asked => Volatile.Read(ref _asked);

    /// <summary>
    /// Runs the work in a transaction; the task is done when that is on disk. The work may run twice; an exception of
    /// its own reaches the caller, and nothing of it is kept.
    /// </summary>
    /// <exception cref="StorageException">The database failed and nothing was changed.</exception>
    public Task<TResult> WriteAsync<TState, TResult>(
        TState state, Func<TSession, TState, TResult> work, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _asked);
        var item = new WorkItem<TSession, TState, TResult>(state, work, cancellation);
        return _items.Writer.TryWrite(item) ? item.Done : WaitAndWriteAsync(item, cancellation);
    }

    /// <summary>Writes all that waits, then ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _items.Writer.TryComplete();
        await _ended.Task.ConfigureAwait(false);
    }

    private async Task<TResult> WaitAndWriteAsync<TState, TResult>(
        WorkItem<TSession, TState, TResult> item, CancellationToken cancellation)
    {
        try
        {
            await _items.Writer.WriteAsync(item, cancellation).ConfigureAwait(false);
        }
        catch (ChannelClosedException closed)
        {
            throw new StorageException("The store is closing.", closed);
        }

        return await item.Done.ConfigureAwait(false);
    }

    private void Run()
    {
        while (WaitForItems())
        {
            while (_group.Count < LargestGroup && _items.Reader.TryRead(out var item))
            {
                if (!item.EndIfCancelled())
                {
                    _group.Add(item);
                }
            }

            WriteGroup();
            _group.Clear();
        }

        CloseSession();
        _ended.SetResult();
    }

    private bool WaitForItems()
    {
        var waiting = _items.Reader.WaitToReadAsync();
        return waiting.IsCompletedSuccessfully ? waiting.Result : waiting.AsTask().GetAwaiter().GetResult();
    }

    private void WriteGroup()
    {
        var group = CollectionsMarshal.AsSpan(_group);
        var failure = TryWrite(group, out var begun);
        if (failure is null || !begun || group.Length == 1)
        {
            Answer(group, failure);
            if (failure is not null && !begun)
            {
                WorkItem<TSession>.FailAll(_items.Reader, failure);
            }

            return;
        }

        WriteOneByOne(group);
    }

    private void WriteOneByOne(ReadOnlySpan<WorkItem<TSession>> group)
    {
        var timedOut = 0;
        for (var i = 0; i < group.Length; i++)
        {
            var failure = TryWrite(group.Slice(i, 1), out var begun);
            timedOut += IsTimeOut(failure) ? 1 : 0;
            if (failure is not null && !begun)
            {
                // Out of reach meanwhile: the rest shall not wait for as many connections that fail.
                Answer(group[i..], failure);
                WorkItem<TSession>.FailAll(_items.Reader, failure);
                return;
            }

            if (timedOut == MostTimeOuts)
            {
                Answer(group[i..], failure);
                return;
            }

            Answer(group.Slice(i, 1), failure);
        }
    }

    /// <summary>One transaction. Not begun means that the database is out of reach, whatever the items are.</summary>
    private Exception? TryWrite(ReadOnlySpan<WorkItem<TSession>> items, out bool begun)
    {
        begun = false;
        if (items.IsEmpty)
        {
            return null;
        }

        try
        {
            var session = Begin();
            begun = true;
            session.OnBegin();
            foreach (var item in items)
            {
                item.Run(session);
            }

            _commit!.Defer();
            session.Flush();
        }
        catch (Exception failure)
        {
            var told = _database.Explain(failure, _session?.Connection);
            RollBack(begun);
            return told;
        }

        KeepUp();
        return null;
    }

    private static void Answer(ReadOnlySpan<WorkItem<TSession>> items, Exception? failure)
    {
        foreach (var item in items)
        {
            if (failure is null)
            {
                item.Complete();
            }
            else
            {
                item.Fail(failure);
            }
        }
    }

    private TSession Begin()
    {
        if (_session is not null)
        {
            try
            {
                _begin!.Execute();
                return _session;
            }
            catch (Exception lost) when (IsOfDriver(lost))
            {
                // A connection may have died while it was idle, with nobody to blame: one attempt with a new one.
                CloseSession();
            }
        }

        _session = _open(_database);
        _begin = _session.Prepare(_database.BeginWriting);
        _commit = _session.Prepare("COMMIT");
        _begin.Execute();
        return _session;
    }

    private void RollBack(bool begun)
    {
        if (!begun || _session!.Connection.State != ConnectionState.Open)
        {
            CloseSession();
            return;
        }

        try
        {
            _session.Drop();
            using var rollback = new Statement(_session.Connection, "ROLLBACK");
            rollback.Execute();
        }
        catch (Exception trouble) when (IsOfDriver(trouble))
        {
            // A full disk has already rolled the transaction back. In any other trouble a new connection starts afresh.
            CloseSession();
        }
    }

    private void KeepUp()
    {
        try
        {
            _database.AfterCommit(_session!.Connection);
        }
        catch (Exception trouble) when (IsOfDriver(trouble))
        {
            CloseSession(); // The items are committed: the trouble is told to whoever comes next.
        }
    }

    private void CloseSession()
    {
        var session = _session;
        _session = null;
        try
        {
            session?.Dispose();
        }
        catch (Exception trouble) when (IsOfDriver(trouble))
        {
            // It is given up, whatever it says to that.
        }
    }

    private static bool IsTimeOut(Exception? failure) =>
        failure is StorageException { InnerException: DbException { InnerException: TimeoutException } };

    /// <summary>A driver finds a connection dead at any time, and tells the next call in either way.</summary>
    private static bool IsOfDriver(Exception failure) => failure is DbException or InvalidOperationException;
}
