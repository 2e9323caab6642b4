using System.Buffers;
using System.Text;
using CsCheck;
using MailCluster.Smtp.Client;
using MailCluster.Smtp.Framing;

namespace MailCluster.Smtp.Tests.Framing;

public sealed class ContentDecoderTests
{
    private static readonly string[] Parts = ["a", ".", "\r\n", "\r\n.", ".."];

    [Theory]
    [InlineData(".\r\n", "", "")]
    [InlineData("a\r\n.\r\n", "a\r\n", "")]
    [InlineData("a\r\n.\r\nQUIT\r\n", "a\r\n", "QUIT\r\n")]
    [InlineData("..\r\n.\r\n", ".\r\n", "")]
    [InlineData("...\r\n.\r\n", "..\r\n", "")]
    [InlineData(".a\r\n.\r\n", "a\r\n", "")]
    [InlineData("a.\r\n.\r\n", "a.\r\n", "")]
    [InlineData("\r\n\r\n.\r\n", "\r\n\r\n", "")]
    [InlineData("a\r\n..\r\n.\r\n", "a\r\n.\r\n", "")]
    public void Dots_are_undone_however_they_come(string octets, string content, string behind)
    {
        foreach (var pieces in Cuts(octets))
        {
            var decoded = Decode(pieces);
            Assert.Equal((content, behind), (decoded.Content, decoded.Behind));
            Assert.True(decoded.Decoder is { HasEnded: true, HasBareLineEnd: false, HasNul: false });
        }
    }

    [Theory]
    [InlineData("a\nb\r\n.\r\n")]
    [InlineData("a\n.\r\nb\r\n.\r\n")]
    [InlineData("a\r\n.\nb\r\n.\r\n")]
    [InlineData("a\n.\nb\r\n.\r\n")]
    [InlineData("a\rb\r\n.\r\n")]
    [InlineData("a\r.\r\nb\r\n.\r\n")]
    [InlineData("a\r\n.\rb\r\n.\r\n")]
    [InlineData("a\r\n.\r\r\nb\r\n.\r\n")]
    [InlineData("a\r\r\n.\r\n")]
    [InlineData("\n.\r\nb\r\n.\r\n")]
    public void A_bare_line_end_never_is_the_end(string octets)
    {
        foreach (var pieces in Cuts(octets))
        {
            var decoded = Decode(pieces);
            Assert.True(decoded.Decoder is { HasEnded: true, HasBareLineEnd: true });
            Assert.Equal("", decoded.Behind);
        }
    }

    [Fact]
    public void Nul_is_seen()
    {
        foreach (var pieces in Cuts("a\0b\r\n.\r\n"))
        {
            Assert.True(Decode(pieces).Decoder is { HasNul: true, HasBareLineEnd: false });
        }
    }

    [Fact]
    public void No_prefix_is_the_end()
    {
        const string Octets = "a\r\n..\r\n.\n.\r.\r\n\r\n.\r\n";
        for (var length = 0; length < Octets.Length; length++)
        {
            Assert.False(Decode([Encoding.ASCII.GetBytes(Octets[..length])]).Decoder.HasEnded);
        }
    }

    [Fact]
    public void What_our_client_stuffs_our_server_undoes() =>
        Gen.Int[0, Parts.Length - 1].Array[0, 40].Select(parts => string.Concat(parts.Select(i => Parts[i]))).Sample(text =>
        {
            var wire = new ArrayBufferWriter<byte>();
            var stuffer = new DotStuffer();
            stuffer.Encode(Encoding.ASCII.GetBytes(text), wire);
            stuffer.Finish(wire);
            var decoded = Decode([wire.WrittenSpan.ToArray()]);
            var content = text.Length == 0 || text.EndsWith("\r\n", StringComparison.Ordinal) ? text : text + "\r\n";
            // The client may end an empty message with a line of its own.
            return decoded.Decoder.HasEnded && decoded.Behind.Length == 0
                && (decoded.Content == content || (text.Length == 0 && decoded.Content == "\r\n"));
        });

    /// <summary>Whole, cut at each place, and octet by octet.</summary>
    private static IEnumerable<byte[][]> Cuts(string octets)
    {
        var all = Encoding.ASCII.GetBytes(octets);
        for (var cut = 0; cut <= all.Length; cut++)
        {
            yield return [all[..cut], all[cut..]];
        }

        yield return [.. all.Select(octet => new[] { octet })];
    }

    private static (string Content, string Behind, ContentDecoder Decoder) Decode(byte[][] pieces)
    {
        var decoder = new ContentDecoder();
        var content = new ArrayBufferWriter<byte>();
        var behind = new List<byte>();
        foreach (var piece in pieces)
        {
            var used = decoder.Decode(piece, content);
            behind.AddRange(piece[used..]);
        }

        return (Encoding.ASCII.GetString(content.WrittenSpan), Encoding.ASCII.GetString([.. behind]), decoder);
    }
}
