using System.Buffers;
using System.Text;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Responses;

/// <summary>Entries of METADATA (RFC 5464 §5).</summary>
internal sealed partial class ResponseWriter
{
    private static readonly SearchValues<char> EntryAtomChars =
        SearchValues.Create("!#$&'+,-./0123456789:;<=>?@[]^_`abcdefghijklmnopqrstuvwxyz|}~");

    /// <summary>The empty name stands for the server.</summary>
    public ResponseWriter MailboxOrServer(FolderName? name) => name is { } folder ? Mailbox(folder) : String("");

    public ResponseWriter Entry(EntryName name) =>
        name.Text.AsSpan().ContainsAnyExcept(EntryAtomChars) ? String(name.Text) : Text(name.Text);

    /// <summary>Octets of any kind: with a NUL as a literal8 (RFC 5464 §5, value). NIL for null.</summary>
    public ResponseWriter Value(ReadOnlyMemory<byte>? value)
    {
        if (value is not { } octets)
        {
            return Raw("NIL"u8);
        }

        if (octets.Span.Contains((byte)0))
        {
            return Raw("~"u8).Literal(octets.Span);
        }

        return Ascii.IsValid(octets.Span) ? String(Encoding.ASCII.GetString(octets.Span)) : Literal(octets.Span);
    }
}
