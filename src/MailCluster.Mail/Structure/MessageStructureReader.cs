using System.Buffers;

namespace MailCluster.Mail.Structure;

/// <summary>
/// Reads a stored message once, from where the stream stands, and says what is in it. Any octets at all are a
/// message: what cannot be understood is text or an opaque part, never an exception. Memory is bounded by the limits,
/// time by the size. The stream stays the caller's.
/// </summary>
public static class MessageStructureReader
{
    /// <summary>Also the longest line seen whole: a boundary has at most 70 characters (RFC 2046 §5.1.1).</summary>
    private const int BufferLength = 128 * 1024;

    public static Task<MessageStructure> ReadAsync(
        Stream message, StructureLimits? limits = null, CancellationToken cancellation = default) =>
        ReadAsync(message, new StructureScanner(limits ?? StructureLimits.Default), cancellation);

    internal static async Task<MessageStructure> ReadAsync(
        Stream message, StructureScanner scanner, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            var kept = 0;
            var begins = true;
            while (await message.ReadAsync(buffer.AsMemory(kept), cancellation).ConfigureAwait(false) is var read
                && read > 0)
            {
                var used = TakeLines(scanner, buffer.AsSpan(0, kept + read), kept, ref begins);
                kept += read - used;
                buffer.AsSpan(used, kept).CopyTo(buffer);
                if (kept == buffer.Length)
                {
                    scanner.Line(buffer, begins, ends: false);
                    begins = false;
                    kept = 0;
                }
            }

            if (kept > 0)
            {
                scanner.Line(buffer.AsSpan(0, kept), begins, ends: true);
            }

            return scanner.Complete();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Hands over the whole lines; the first <paramref name="searched"/> octets hold no line end.</summary>
    private static int TakeLines(StructureScanner scanner, ReadOnlySpan<byte> octets, int searched, ref bool begins)
    {
        var used = 0;
        while (octets[searched..].IndexOf((byte)'\n') is var length && length >= 0)
        {
            var end = searched + length + 1;
            scanner.Line(octets[used..end], begins, ends: true);
            begins = true;
            used = searched = end;
        }

        return used;
    }
}
