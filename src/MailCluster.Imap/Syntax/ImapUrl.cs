using System.Globalization;
using System.Text;
using System.Text.Unicode;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Syntax;

/// <summary>
/// An IMAP URL that names one message or a section of it (RFC 5092 §11, imessagepart): absolute, from the root of a server,
/// or beginning with a UID of the mailbox that is selected. Those with URLAUTH name nothing here.
/// </summary>
/// <param name="Host">Null where it is the server of the session.</param>
/// <param name="User">Null where none is named.</param>
/// <param name="Mailbox">Decoded; null where it is the selected one.</param>
internal sealed record ImapUrl(
    string? Host, string? User, string? Mailbox, uint? UidValidity, Uid Uid, SectionSpec Section, PartialRange? Partial)
{
    private const string Scheme = "imap:";

    public static bool TryParse(string text, out ImapUrl? url)
    {
        url = null;
        var path = text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? text[Scheme.Length..] : text;
        if (path.Length < text.Length && !path.StartsWith("//", StringComparison.Ordinal))
        {
            return false;
        }

        string? host = null;
        string? user = null;
        if (path.StartsWith("//", StringComparison.Ordinal))
        {
            var slash = path.IndexOf('/', 2);
            if (slash < 0 || !TryServer(path[2..slash], out host, out user))
            {
                return false;
            }

            path = path[slash..];
        }

        return TryPath(path, host, user, out url);
    }

    /// <summary><c>user;AUTH=mechanism@host:port</c>; we have one port for all of them.</summary>
    private static bool TryServer(string server, out string? host, out string? user)
    {
        user = null;
        var at = server.LastIndexOf('@');
        host = server[(at + 1)..].Split(':')[0];
        if (at >= 0)
        {
            var name = server[..at].Split(';')[0];
            if (!TryDecode(name, out var decoded))
            {
                return false;
            }

            user = decoded.Length == 0 ? null : decoded;
        }

        return host.Length > 0;
    }

    private static bool TryPath(string path, string? host, string? user, out ImapUrl? url)
    {
        url = null;
        string? mailbox = null;
        uint? validity = null;
        var pieces = path;
        if (path.StartsWith('/'))
        {
            var end = path.IndexOf("/;UID=", StringComparison.OrdinalIgnoreCase);
            if (end < 1 || !TryMailbox(path[1..end], out mailbox, out validity))
            {
                return false;
            }

            pieces = path[(end + 1)..];
        }

        // A server's name is followed by a mailbox always, so there is none where the selected one is meant.
        return TryPieces(pieces, new ImapUrl(host, user, mailbox, validity, default, SectionSpec.Whole, null), out url);
    }

    private static bool TryMailbox(string text, out string? mailbox, out uint? validity)
    {
        mailbox = null;
        validity = null;
        var semicolon = text.IndexOf(';', StringComparison.Ordinal);
        if (semicolon >= 0)
        {
            if (!TryValue(text[semicolon..], ";UIDVALIDITY=", out var value) || !TryNumber(value, out var number))
            {
                return false;
            }

            validity = number;
            text = text[..semicolon];
        }

        return TryDecode(text, out mailbox!) && mailbox.Length > 0;
    }

    /// <summary>UID, then section, then range, each at most once.</summary>
    private static bool TryPieces(string text, ImapUrl begun, out ImapUrl? url)
    {
        url = null;
        var pieces = new Queue<string>(text.Split("/;").Select((piece, i) => i == 0 ? piece : ";" + piece));
        if (!TryValue(pieces.Dequeue(), ";UID=", out var uid) || !TryNumber(uid, out var number))
        {
            return false;
        }

        begun = begun with { Uid = new Uid(number) };
        if (pieces.TryPeek(out var piece) && TryValue(piece, ";SECTION=", out var section))
        {
            pieces.Dequeue();
            if (!TrySection(section, out var spec))
            {
                return false;
            }

            begun = begun with { Section = spec };
        }

        if (pieces.TryPeek(out piece) && TryValue(piece, ";PARTIAL=", out var range))
        {
            pieces.Dequeue();
            if (!TryRange(range, out var partial))
            {
                return false;
            }

            begun = begun with { Partial = partial };
        }

        url = begun;
        return pieces.Count == 0;
    }

    private static bool TrySection(string text, out SectionSpec section)
    {
        section = SectionSpec.Whole;
        if (!TryDecode(text, out var decoded))
        {
            return false;
        }

        var reader = new SyntaxReader(Encoding.UTF8.GetBytes($"[{decoded}]"), utf8: true, default);
        section = reader.Section();
        reader.End();
        return reader.Error is null && decoded.Length > 0;
    }

    /// <summary>RFC 5092 §11, partial-range: without a length it goes to the end.</summary>
    private static bool TryRange(string text, out PartialRange range)
    {
        range = default;
        var numbers = text.Split('.');
        long count = long.MaxValue;
        if (numbers.Length > 2
            || !long.TryParse(numbers[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            || (numbers.Length == 2
                && (!long.TryParse(numbers[1], NumberStyles.None, CultureInfo.InvariantCulture, out count) || count == 0)))
        {
            return false;
        }

        range = new PartialRange(first, count);
        return true;
    }

    private static bool TryValue(string piece, string name, out string value)
    {
        var starts = piece.StartsWith(name, StringComparison.OrdinalIgnoreCase);
        value = starts ? piece[name.Length..] : "";
        return starts;
    }

    private static bool TryNumber(string text, out uint number) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0;

    /// <summary>RFC 3986 §2.1, of UTF-8; an octet that is none, or a NUL, makes it no URL.</summary>
    private static bool TryDecode(string text, out string decoded)
    {
        decoded = "";
        var octets = new List<byte>();
        var source = Encoding.UTF8.GetBytes(text);
        for (var i = 0; i < source.Length; i++)
        {
            if (source[i] != '%')
            {
                octets.Add(source[i]);
                continue;
            }

            if (i + 2 >= source.Length
                || !byte.TryParse(source.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet))
            {
                return false;
            }

            octets.Add(octet);
            i += 2;
        }

        if (octets.Contains(0) || !Utf8.IsValid([.. octets]))
        {
            return false;
        }

        decoded = Encoding.UTF8.GetString([.. octets]);
        return true;
    }
}
