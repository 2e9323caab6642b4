using System.Buffers;

namespace MailCluster.Smtp.Tests.Server;

/// <summary>Octets as a pipe has them: in several blocks of memory, some of them empty.</summary>
internal sealed class Segments : ReadOnlySequenceSegment<byte>
{
    private Segments(ReadOnlyMemory<byte> memory, long runningIndex)
    {
        Memory = memory;
        RunningIndex = runningIndex;
    }

    public static ReadOnlySequence<byte> Lay(byte[] octets, Func<int> nextLength)
    {
        var first = new Segments(default, 0);
        var last = first;
        for (var start = 0; start < octets.Length;)
        {
            var length = Math.Min(nextLength(), octets.Length - start);
            var next = new Segments(octets.AsMemory(start, length), start);
            last.Next = next;
            last = next;
            start += length;
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }
}
