using System.Buffers;
using System.Text;

namespace MailCluster.Pop3.Tests;

public sealed class MultilineEncoderTests
{
    [Theory]
    [InlineData("a\r\n", "a\r\n.\r\n")]
    [InlineData("a", "a\r\n.\r\n")]
    [InlineData("", ".\r\n")]
    [InlineData(".\r\n", "..\r\n.\r\n")]
    [InlineData("a\r\n.b\r\n..\r\n", "a\r\n..b\r\n...\r\n.\r\n")]
    public void Every_cut_gives_the_same_octets(string content, string wire)
    {
        for (var cut = 0; cut <= content.Length; cut++)
        {
            Assert.Equal($"+OK {content.Length} octets\r\n{wire}", Encode(content, cut, null));
        }
    }

    [Theory]
    [InlineData(0, "H: v\r\n\r\n.\r\n")]
    [InlineData(1, "H: v\r\n\r\none\r\n.\r\n")]
    [InlineData(2, "H: v\r\n\r\none\r\n..two\r\n.\r\n")]
    [InlineData(99, "H: v\r\n\r\none\r\n..two\r\n.\r\n")]
    public void Top_sends_the_header_and_so_many_lines(int lines, string wire)
    {
        const string Content = "H: v\r\n\r\none\r\n.two\r\n";
        for (var cut = 0; cut <= Content.Length; cut++)
        {
            Assert.Equal("+OK top of message follows\r\n" + wire, Encode(Content, cut, lines));
        }
    }

    private static string Encode(string content, int cut, int? lines)
    {
        var octets = Encoding.ASCII.GetBytes(content);
        var wire = new ArrayBufferWriter<byte>();
        var encoder = new MultilineEncoder(octets.Length, lines);
        encoder.Encode(octets.AsSpan(0, cut), wire);
        encoder.Encode(octets.AsSpan(cut), wire);
        encoder.Finish(wire);
        return Encoding.ASCII.GetString(wire.WrittenSpan);
    }
}
