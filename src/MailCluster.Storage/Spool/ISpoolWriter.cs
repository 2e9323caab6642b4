namespace MailCluster.Storage.Spool;

/// <summary>
/// Writes one body in chunks. Used by one caller at a time. Disposing without a commit drops what was written.
/// </summary>
public interface ISpoolWriter : IAsyncDisposable
{
    /// <summary>Octets written so far.</summary>
    long Length { get; }

    /// <summary>
    /// Appends octets; the buffer may be reused as soon as the task is done. Completes at once while a chunk fills up,
    /// and waits for the store where the writer is ahead of it, so that memory per body is bounded.
    /// </summary>
    ValueTask WriteAsync(ReadOnlyMemory<byte> octets, CancellationToken cancellation);

    /// <summary>Makes the body durable and held by the queue. Completes after the commit is on disk.</summary>
    Task CommitAsync(CancellationToken cancellation);
}
