using System.Text;
using MailCluster.Mail.Structure;

namespace MailCluster.Mail.Tests.Structure;

/// <summary>Messages of these tests: written with LF, read with CRLF.</summary>
internal static class Messages
{
    /// <summary>A text, a forwarded message with a text and a picture in it, and an attachment.</summary>
    public static string Nested { get; } = Crlf("""
        From: Ann <ann@example.org>
        Subject: outer
        Content-Type: multipart/mixed; boundary="outer"

        preamble
        --outer

        Hello
        there
        --outer
        Content-Type: message/rfc822
        Content-Disposition: attachment; filename=old.eml

        Date: Tue, 1 Jul 2003 10:52:37 +0200
        From: bob@example.net
        Subject: inner
        Content-Type: multipart/related; boundary=outer-2

        --outer-2
        Content-Type: text/html; charset=utf-8

        <p>inside</p>

        --outer-2
        Content-Type: image/png
        Content-ID: <pic@x>
        Content-Transfer-Encoding: base64

        AAAA
        --outer-2--
        epilogue of the inner one
        --outer
        Content-Type: application/pdf; name="a b.pdf"
        Content-Transfer-Encoding: BASE64

        JVBERi0=
        --outer--
        epilogue

        """);

    public static string Crlf(string text) =>
        text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal);

    public static Task<MessageStructure> ReadAsync(string text, StructureLimits? limits = null) =>
        ReadAsync(Encoding.UTF8.GetBytes(text), limits);

    public static async Task<MessageStructure> ReadAsync(byte[] octets, StructureLimits? limits = null)
    {
        using var stream = new MemoryStream(octets);
        return await MessageStructureReader.ReadAsync(stream, limits);
    }

    public static string Cut(string message, OctetRange? range)
    {
        Assert.NotNull(range);
        var octets = Encoding.UTF8.GetBytes(message);
        return Encoding.UTF8.GetString(octets.AsSpan((int)range.Value.Start, (int)range.Value.Length));
    }
}
