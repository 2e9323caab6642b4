using System.Threading.Channels;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Search;
using MailCluster.Storage.Spool;

namespace MailCluster.Storage.Search;

/// <summary>
/// Indexes bodies in the background, one after the other: first those that earlier runs have not come to, then what is
/// told. Several nodes may index one body, harmlessly. Adding is safe for any number of threads; it runs once.
/// </summary>
public sealed class TextIndexer(ITextIndex index, ISpool spool, TimeProvider time, SearchLimits? limits = null)
{
    /// <summary>Bodies that are told and wait. Those beyond are found when the indexer looks for what it has missed.</summary>
    private const int Capacity = 10_000;

    /// <summary>Bodies that one step looks at to find what is not indexed.</summary>
    private const int LargestStep = 1000;

    private const int LargestBatch = 20;

    /// <summary>
    /// A delivery may have to wait for the transaction that a batch is written in, which lasts about 30 ms; the next one
    /// gives way to it (<see cref="Sql.WritesBehind{TSession}"/>).
    /// </summary>
    private const int LargestBatchLength = 64 * 1024;

    /// <summary>The database is given so long to come back.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly SearchLimits _limits = limits ?? SearchLimits.Default;
    private readonly Channel<BodyId> _told =
        Channel.CreateBounded<BodyId>(new BoundedChannelOptions(Capacity) { SingleReader = true });

    // Touched only by the running indexer.
    private readonly List<IndexedText> _batch = [];
    private int _batchLength;

    private volatile bool _hasMissed = true;

    /// <summary>A failure of the database, which the indexer waits out, for the log.</summary>
    public event Action<StorageException>? Failed;

    /// <summary>A message with this body was stored. Never waits.</summary>
    public void Add(BodyId body)
    {
        if (!_told.Writer.TryWrite(body))
        {
            _hasMissed = true;
        }
    }

    /// <summary>Works until it is cancelled; ends then without an exception.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await WorkAsync(cancellation).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (StorageException failure)
            {
                _hasMissed = true;
                Clear();
                Failed?.Invoke(failure);
                await Task.Delay(Pause, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task WorkAsync(CancellationToken cancellation)
    {
        while (true)
        {
            if (_hasMissed)
            {
                _hasMissed = false;
                await IndexMissedAsync(cancellation).ConfigureAwait(false);
            }

            if (_told.Reader.TryRead(out var body))
            {
                await IndexAsync(body, cancellation).ConfigureAwait(false);
                continue;
            }

            await FlushAsync(cancellation).ConfigureAwait(false);
            if (!_hasMissed)
            {
                await _told.Reader.WaitToReadAsync(cancellation).ConfigureAwait(false);
            }
        }
    }

    private async Task IndexMissedAsync(CancellationToken cancellation)
    {
        BodyId? next = default(BodyId);
        while (next is { } after)
        {
            var missed = await index.ListNotIndexedAsync(after, LargestStep, cancellation).ConfigureAwait(false);
            foreach (var body in missed.Bodies)
            {
                await IndexAsync(body, cancellation).ConfigureAwait(false);
            }

            next = missed.Next;
        }

        await FlushAsync(cancellation).ConfigureAwait(false);
    }

    private async Task IndexAsync(BodyId body, CancellationToken cancellation)
    {
        if (await spool.ReadTextAsync(body, _limits, cancellation).ConfigureAwait(false) is not { } text)
        {
            return; // Removed meanwhile.
        }

        var length = text.Header.Length + text.Body.Length;
        if (_batch.Count == LargestBatch || _batchLength + length > LargestBatchLength)
        {
            await FlushAsync(cancellation).ConfigureAwait(false);
        }

        _batch.Add(new IndexedText(body, text));
        _batchLength += length;
    }

    private async Task FlushAsync(CancellationToken cancellation)
    {
        await index.WriteAsync([.. _batch], cancellation).ConfigureAwait(false);
        Clear();
    }

    private void Clear()
    {
        _batch.Clear();
        _batchLength = 0;
    }
}
