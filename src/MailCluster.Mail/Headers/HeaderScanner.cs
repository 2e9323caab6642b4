using System.Buffers;
using System.Text;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Identity;

namespace MailCluster.Mail.Headers;

/// <summary>
/// Looks at a message's header section as its octets stream by, in chunks cut anywhere: counts trace fields for loop
/// detection (RFC 5321 §6.3) and notes which fields a submission lacks (RFC 6409 §8). Keeps nothing but a field name's
/// first octets; after the header section it does no work. Used by one thread at a time; line ends are CRLF.
/// </summary>
public sealed class HeaderScanner
{
    /// <summary>A longer field name is none of those that matter; see <see cref="NoteField"/>.</summary>
    private const int LongestName = 10;

    /// <summary>ftext of RFC 5322 §3.6.8: printable, no colon.</summary>
    private static readonly SearchValues<byte> NameOctets = SearchValues.Create(
        [.. Enumerable.Range('!', '~' - '!' + 1).Where(octet => octet != ':').Select(octet => (byte)octet)]);

    private readonly byte[] _name = new byte[LongestName];
    private int _nameLength;
    private Place _place = Place.LineStart;
    private long _position;
    private long _lineStart;
    private bool _anyField;

    private enum Place
    {
        LineStart,
        FieldName,
        BehindFieldName,
        FieldBody,
        BehindHeader,
    }

    /// <summary>How many Received fields there are.</summary>
    public int ReceivedCount { get; private set; }

    public bool HasDate { get; private set; }

    public bool HasMessageId { get; private set; }

    public bool HasFrom { get; private set; }

    /// <summary>
    /// The empty line, or a line that is no header field, was seen: no octet to come changes anything.
    /// </summary>
    public bool IsComplete => _place == Place.BehindHeader;

    /// <summary>
    /// Where the header section ends: before the empty line, or before the first line that is no field. Fields that are
    /// missing go here. Where a message ends within its header, the start of the line that is not ended.
    /// </summary>
    public long HeaderLength => _lineStart;

    /// <summary>A Message-ID for a message that came without one, brackets included (RFC 5322 §3.6.4).</summary>
    public static string MessageId(QueueId id, DomainName host) => $"<{id}@{host.ToAscii()}>";

    /// <summary>Looks at the next octets of the message.</summary>
    public void Scan(ReadOnlySpan<byte> octets)
    {
        while (!octets.IsEmpty && !IsComplete)
        {
            var taken = _place switch
            {
                Place.LineStart => BeginLine(octets[0]),
                Place.FieldName => ReadName(octets),
                Place.BehindFieldName => ReadColon(octets[0]),
                _ => SkipLine(octets),
            };
            _position += taken;
            octets = octets[taken..];
        }
    }

    private int BeginLine(byte octet)
    {
        _place = octet switch
        {
            (byte)'\r' => Place.BehindHeader,
            (byte)' ' or (byte)'\t' when _anyField => Place.FieldBody, // RFC 5322 §2.2.3: the field goes on
            _ => Place.FieldName,
        };
        _nameLength = 0;
        return 0;
    }

    private int ReadName(ReadOnlySpan<byte> octets)
    {
        var length = octets.IndexOfAnyExcept(NameOctets);
        var part = length < 0 ? octets : octets[..length];
        if (_nameLength + part.Length <= LongestName)
        {
            part.CopyTo(_name.AsSpan(_nameLength));
        }

        _nameLength = Math.Min(_nameLength + part.Length, LongestName + 1);
        _place = length < 0 ? Place.FieldName : Place.BehindFieldName;
        return part.Length;
    }

    private int ReadColon(byte octet)
    {
        switch (octet)
        {
            case (byte)':' when _nameLength > 0:
                NoteField();
                _place = Place.FieldBody;
                return 1;
            case (byte)' ' or (byte)'\t' when _nameLength > 0: // RFC 5322 §4.5: old mail has blanks before the colon
                return 1;
            default:
                _place = Place.BehindHeader;
                return 0;
        }
    }

    private int SkipLine(ReadOnlySpan<byte> octets)
    {
        var end = octets.IndexOf((byte)'\n');
        if (end < 0)
        {
            return octets.Length;
        }

        _place = Place.LineStart;
        _lineStart = _position + end + 1;
        return end + 1;
    }

    private void NoteField()
    {
        _anyField = true;
        if (_nameLength > LongestName)
        {
            return;
        }

        ReadOnlySpan<byte> name = _name.AsSpan(0, _nameLength);
        if (Ascii.EqualsIgnoreCase(name, "Received"u8))
        {
            ReceivedCount++;
        }

        HasDate |= Ascii.EqualsIgnoreCase(name, "Date"u8);
        HasMessageId |= Ascii.EqualsIgnoreCase(name, "Message-ID"u8);
        HasFrom |= Ascii.EqualsIgnoreCase(name, "From"u8);
    }
}
