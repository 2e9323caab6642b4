using System.Buffers;
using System.Collections.Frozen;
using System.Text;
using MailCluster.Imap.Syntax;

namespace MailCluster.Imap.Responses;

/// <summary>HEADER.FIELDS and HEADER.FIELDS.NOT (RFC 9051 §6.4.5.1): whole fields, as they stand, and a blank line.</summary>
internal static class HeaderFilter
{
    public static ReadOnlyMemory<byte> Apply(ReadOnlySpan<byte> header, SectionSpec section)
    {
        var names = section.Fields.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        var kept = new ArrayBufferWriter<byte>(Math.Max(64, header.Length / 4));
        var keeps = false;
        while (!header.IsEmpty)
        {
            var end = header.IndexOf((byte)'\n');
            var line = end < 0 ? header : header[..(end + 1)];
            header = header[line.Length..];
            if (line.TrimEnd("\r\n"u8).IsEmpty)
            {
                break;
            }

            if (line[0] is not ((byte)' ' or (byte)'\t'))
            {
                var colon = line.IndexOf((byte)':');
                keeps = colon > 0
                    && names.Contains(Encoding.Latin1.GetString(line[..colon]).TrimEnd()) != section.AllButFields;
            }

            if (keeps)
            {
                kept.Write(line);
            }
        }

        kept.Write("\r\n"u8);
        return kept.WrittenMemory;
    }
}
