namespace MailCluster.Storage.Spool;

/// <summary>Reads one committed body from start to end. Used by one caller at a time.</summary>
public interface ISpoolReader : IAsyncDisposable
{
    /// <summary>Octets of the whole body.</summary>
    long Length { get; }

    /// <summary>The next chunk, empty at the end. The memory is valid until the next call.</summary>
    ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellation);
}
