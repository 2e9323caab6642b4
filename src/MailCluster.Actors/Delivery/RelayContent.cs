using System.IO.Pipelines;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mime;
using MailCluster.Smtp.Client;
using MailCluster.Storage;
using MailCluster.Storage.Spool;

namespace MailCluster.Actors.Delivery;

/// <summary>Streams a body from the spool onto a connection, or makes 7-bit MIME of it first.</summary>
internal sealed class RelayContent(ISpool spool, long maxConvertedSize)
{
    /// <summary>Sends the content and what ends it. Owns <paramref name="output"/> until the task is done.</summary>
    /// <exception cref="StorageException">The body cannot be read; what was sent is not the whole of it.</exception>
    public async Task SendAsync(
        BodyId id, bool raw, PipeWriter output, Action noteProgress, CancellationToken cancellation)
    {
        await using var body = await OpenAsync(id, cancellation);
        var stuffer = new DotStuffer();
        while (true)
        {
            var chunk = await body.ReadAsync(cancellation);
            if (chunk.IsEmpty)
            {
                break;
            }

            if (raw)
            {
                await output.WriteAsync(chunk, cancellation);
            }
            else
            {
                stuffer.Encode(chunk.Span, output);
                await FlushFullAsync(output, cancellation);
            }

            noteProgress();
        }

        if (!raw)
        {
            stuffer.Finish(output);
        }

        await output.FlushAsync(cancellation);
    }

    /// <summary>Sends converted content and what ends it.</summary>
    public static async Task SendAsync(
        ReadOnlyMemory<byte> octets, PipeWriter output, Action noteProgress, CancellationToken cancellation)
    {
        const int Slice = 64 * 1024;
        var stuffer = new DotStuffer();
        for (var rest = octets; !rest.IsEmpty; rest = rest[Math.Min(Slice, rest.Length)..])
        {
            stuffer.Encode(rest.Span[..Math.Min(Slice, rest.Length)], output);
            await output.FlushAsync(cancellation);
            noteProgress();
        }

        stuffer.Finish(output);
        await output.FlushAsync(cancellation);
    }

    /// <summary>RFC 6152 §3: the content as 7-bit MIME, or null where that cannot be done or is too big to try.</summary>
    public async Task<ReadOnlyMemory<byte>?> ConvertAsync(BodyId id, CancellationToken cancellation)
    {
        await using var body = await OpenAsync(id, cancellation);
        if (body.Length > maxConvertedSize)
        {
            return null;
        }

        var original = new MemoryStream((int)body.Length);
        for (var chunk = await body.ReadAsync(cancellation); !chunk.IsEmpty; chunk = await body.ReadAsync(cancellation))
        {
            original.Write(chunk.Span);
        }

        original.Position = 0;
        var converted = new MemoryStream();
        return await Task.Run(() => SevenBitConverter.TryConvert(original, converted), cancellation)
            ? converted.GetBuffer().AsMemory(0, (int)converted.Length)
            : null;
    }

    /// <summary>Small bodies go out in one piece with the final dot; only what exceeds a segment is flushed on the way.</summary>
    private static ValueTask<FlushResult> FlushFullAsync(PipeWriter output, CancellationToken cancellation)
    {
        const long FlushAbove = 16 * 1024;
        return output.CanGetUnflushedBytes && output.UnflushedBytes < FlushAbove
            ? default
            : output.FlushAsync(cancellation);
    }

    private async Task<ISpoolReader> OpenAsync(BodyId id, CancellationToken cancellation) =>
        await spool.OpenAsync(id, cancellation) ?? throw new StorageException($"Body {id} is not in the spool.");
}
