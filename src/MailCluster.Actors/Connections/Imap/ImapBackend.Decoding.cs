using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using MailCluster.Imap.Sessions;
using MailCluster.Mail.Mime;
using MailCluster.Storage;

namespace MailCluster.Actors.Connections.Imap;

/// <summary>Sections without their transfer encoding: decoded as they are read, however large they are.</summary>
internal sealed partial class ImapBackend
{
    /// <summary>RFC 9051 §4.3.1: a plain literal holds no NUL.</summary>
    private const byte InsteadOfNul = 0x80;

    /// <summary>False where the store failed, or the body is gone: then fewer octets went out than were announced.</summary>
    public async Task<bool> SendDecodedAsync(
        SessionEffect.SendDecoded send, PipeWriter output, Action noteProgress, CancellationToken cancellation)
    {
        try
        {
            var (skip, left) = (send.First, send.Count);
            await foreach (var decoded in DecodeAsync(send.Section, cancellation))
            {
                if (left == 0)
                {
                    break;
                }

                var skipped = (int)Math.Min(skip, decoded.Length);
                skip -= skipped;
                var piece = decoded.Slice(skipped, (int)Math.Min(left, decoded.Length - skipped));
                left -= piece.Length;
                if (!piece.IsEmpty)
                {
                    await output.WriteAsync(piece, cancellation);
                }

                noteProgress();
            }

            return left == 0;
        }
        catch (StorageException)
        {
            return false;
        }
    }

    /// <summary>From the store to the spool, chunk by chunk (RFC 4469).</summary>
    public async Task<EffectAnswer> CopyAsync(
        MessageSlice slice, BodySpooler spooler, Action noteProgress, CancellationToken cancellation)
    {
        try
        {
            var left = slice.Length;
            await foreach (var piece in ReadAsync(slice, cancellation))
            {
                if (await spooler.WriteAsync(new ReadOnlySequence<byte>(piece), cancellation) is not EffectAnswer.Done)
                {
                    return EffectAnswer.StoreFailed.Instance;
                }

                left -= piece.Length;
                noteProgress();
            }

            return left == 0 ? EffectAnswer.Done.Instance : EffectAnswer.StoreFailed.Instance;
        }
        catch (StorageException)
        {
            return EffectAnswer.StoreFailed.Instance;
        }
    }

    private async Task<EffectAnswer> MeasureAsync(EncodedSlice section, CancellationToken cancellation)
    {
        var read = 0L;
        var length = 0L;
        var hasNul = false;
        await foreach (var decoded in DecodeAsync(section, cancellation, taken => read += taken))
        {
            length += decoded.Length;
            hasNul = hasNul || decoded.Span.Contains((byte)0);
        }

        return read == section.Slice.Length
            ? new EffectAnswer.Measured(length, hasNul)
            : EffectAnswer.StoreFailed.Instance; // gone meanwhile
    }

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> DecodeAsync(
        EncodedSlice section, [EnumeratorCancellation] CancellationToken cancellation, Action<int>? noteRead = null)
    {
        var decoder = new TransferDecoder(section.Encoding, section.IsText);
        await foreach (var piece in ReadAsync(section.Slice, cancellation))
        {
            noteRead?.Invoke(piece.Length);
            for (var left = piece; !left.IsEmpty;)
            {
                yield return decoder.Decode(ref left);
            }
        }

        yield return decoder.Finish();
    }

    private static ReadOnlyMemory<byte> WithoutNul(ReadOnlyMemory<byte> piece)
    {
        if (!piece.Span.Contains((byte)0))
        {
            return piece;
        }

        var copy = piece.ToArray();
        copy.AsSpan().Replace((byte)0, InsteadOfNul);
        return copy;
    }
}
