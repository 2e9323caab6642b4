using MailCluster.Mail.Dsn;
using MailCluster.Mail.Identity;
using MailCluster.Storage.Spool;

namespace MailCluster.Actors.Queue;

/// <summary>
/// Writes a delivery status notice into the spool, with as much of the message as it should carry. A notice whose
/// event never came about is an orphan there, and is found as such.
/// </summary>
internal sealed class NoticeWriter(ISpool spool, int maxReturnedSize)
{
    /// <summary>Reads the message that the notice is about, composes, and commits under the report's queue id.</summary>
    /// <exception cref="Storage.StorageException">The spool failed; nothing is committed.</exception>
    public async Task<ComposedDsn> WriteAsync(DsnReport report, BodyId about, CancellationToken cancellation)
    {
        var (original, complete) = await ReadAsync(about, cancellation);
        var composed = DsnComposer.Compose(report, original, complete);
        await using var writer = spool.Create(report.QueueId.Body);
        await writer.WriteAsync(composed.Octets, cancellation);
        await writer.CommitAsync(cancellation);
        return composed;
    }

    private async Task<(ReadOnlyMemory<byte> Octets, bool Complete)> ReadAsync(BodyId id, CancellationToken cancellation)
    {
        await using var body = await spool.OpenAsync(id, cancellation);
        if (body is null)
        {
            return (default, false); // a notice without the message is better than none
        }

        var read = new MemoryStream();
        while (read.Length < maxReturnedSize)
        {
            var chunk = await body.ReadAsync(cancellation);
            if (chunk.IsEmpty)
            {
                break;
            }

            read.Write(chunk.Span[..(int)Math.Min(chunk.Length, maxReturnedSize - read.Length)]);
        }

        return (read.GetBuffer().AsMemory(0, (int)read.Length), read.Length == body.Length);
    }
}
