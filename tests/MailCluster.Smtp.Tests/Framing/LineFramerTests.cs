using System.Buffers;
using System.Text;
using CsCheck;
using MailCluster.Smtp.Framing;
using MailCluster.Smtp.Tests.Server;

namespace MailCluster.Smtp.Tests.Framing;

public sealed class LineFramerTests
{
    private const int MaxLength = 16;

    [Theory]
    [InlineData("NOOP\r\n", "NOOP")]
    [InlineData("\r\n", "")]
    [InlineData("a\r\nb\r\n", "a|b")]
    [InlineData("a\r\nb", "a")]
    [InlineData("12345678901234\r\n", "12345678901234")]
    [InlineData("123456789012345\r\nb\r\n", "!TooLong|b")]
    [InlineData("1234567890123456789012345678901234567890\r\nb\r\n", "!TooLong|b")]
    [InlineData("a\nb\r\n", "!BareLineEnd")]
    [InlineData("a\rb\r\n", "!BareLineEnd")]
    [InlineData("a\r\r\n", "!BareLineEnd")]
    [InlineData("a\0\r\n", "!BareLineEnd")]
    [InlineData("12345678901234567890\r", "")]
    public void Lines_are_cut_at_crlf_alone_however_they_come(string octets, string expected)
    {
        var all = Encoding.ASCII.GetBytes(octets);
        for (var cut = 0; cut <= all.Length; cut++)
        {
            Assert.Equal(expected, string.Join('|', Read([all[..cut], all[cut..]])));
        }

        Assert.Equal(expected, string.Join('|', Read(all.Select(octet => new[] { octet }))));
    }

    [Fact]
    public void What_waits_for_its_end_is_bounded() =>
        Gen.Int[0, 2].Select(i => "a\r\n"u8[i]).Array[0, 60].Array[0, 10].Sample(pieces =>
        {
            var framer = new LineFramer();
            var pending = Array.Empty<byte>();
            return pieces.All(piece =>
            {
                var input = new ReadOnlySequence<byte>([.. pending, .. piece]);
                while (framer.TryRead(ref input, MaxLength, out _, out _))
                {
                }

                pending = input.ToArray();
                return pending.Length <= MaxLength;
            });
        });

    [Fact]
    public void A_line_may_lie_over_several_blocks()
    {
        var input = Segments.Lay("HELO x\r\nNOOP\r\n"u8.ToArray(), () => 1);
        var framer = new LineFramer();
        Assert.True(framer.TryRead(ref input, MaxLength, out var line, out var fault));
        Assert.Equal(("HELO x", LineFault.None), (Encoding.ASCII.GetString(line), fault));
        Assert.Equal("NOOP\r\n", Encoding.ASCII.GetString(input));
    }

    private static List<string> Read(IEnumerable<byte[]> pieces)
    {
        var framer = new LineFramer();
        var lines = new List<string>();
        var pending = Array.Empty<byte>();
        foreach (var piece in pieces)
        {
            var input = new ReadOnlySequence<byte>([.. pending, .. piece]);
            while (framer.TryRead(ref input, MaxLength, out var line, out var fault))
            {
                lines.Add(fault == LineFault.None ? Encoding.ASCII.GetString(line) : "!" + fault);
            }

            pending = input.ToArray();
        }

        return lines;
    }
}
