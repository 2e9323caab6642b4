using System.Buffers;
using System.Text;
using MailCluster.Mail.Replies;

namespace MailCluster.Smtp.Framing;

/// <summary>Writes replies as RFC 5321 §4.2 has them, the enhanced status code on every line (RFC 2034 §4).</summary>
internal static class ReplyWriter
{
    public static void Write(Reply reply, IBufferWriter<byte> output)
    {
        for (var i = 0; i < reply.Lines.Length; i++)
        {
            WriteLine(reply, reply.Lines[i], isLast: i == reply.Lines.Length - 1, output);
        }
    }

    private static void WriteLine(Reply reply, string text, bool isLast, IBufferWriter<byte> output)
    {
        const int MaxPrefix = 16; // "250-" and "5.123.123 "
        var span = output.GetSpan(MaxPrefix + Encoding.UTF8.GetMaxByteCount(text.Length) + 2);
        reply.Code.Value.TryFormat(span, out var length, provider: null);
        span[length++] = isLast ? (byte)' ' : (byte)'-';
        if (reply.Status is { } status)
        {
            System.Text.Unicode.Utf8.TryWrite(span[length..], $"{status.Class}.{status.Subject}.{status.Detail} ", out var written);
            length += written;
        }

        length += Encoding.UTF8.GetBytes(text, span[length..]);
        "\r\n"u8.CopyTo(span[length..]);
        output.Advance(length + 2);
    }
}
