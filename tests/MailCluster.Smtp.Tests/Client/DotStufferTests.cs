using System.Buffers;
using System.Text;
using CsCheck;
using MailCluster.Smtp.Client;
using MailCluster.Smtp.Framing;

namespace MailCluster.Smtp.Tests.Client;

public sealed class DotStufferTests
{
    [Theory]
    [InlineData("", ".\r\n")]
    [InlineData("a\r\n", "a\r\n.\r\n")]
    [InlineData("a", "a\r\n.\r\n")]
    [InlineData(".", "..\r\n.\r\n")]
    [InlineData(".a\r\n..\r\nb.\r\n", "..a\r\n...\r\nb.\r\n.\r\n")]
    public void Every_cut_gives_the_same_octets(string content, string wire)
    {
        for (var cut = 0; cut <= content.Length; cut++)
        {
            Assert.Equal(wire, Stuff(Encoding.ASCII.GetBytes(content), cut));
        }
    }

    [Fact]
    public void What_was_stuffed_is_read_back_as_it_was() =>
        Gen.OneOf(Gen.Const("."), Gen.Const("\r\n"), Gen.Const("a"), Gen.Const("..")).Array[0, 40].Sample(parts =>
        {
            var content = string.Concat(parts);
            var decoder = new ContentDecoder();
            var back = new ArrayBufferWriter<byte>();
            decoder.Decode(Encoding.ASCII.GetBytes(Stuff(Encoding.ASCII.GetBytes(content), content.Length / 2)), back);
            var expected = content.Length == 0 || content.EndsWith("\r\n", StringComparison.Ordinal) ? content : content + "\r\n";
            return decoder.HasEnded && !decoder.HasBareLineEnd && Encoding.ASCII.GetString(back.WrittenSpan) == expected;
        });

    private static string Stuff(byte[] content, int cut)
    {
        var wire = new ArrayBufferWriter<byte>();
        var stuffer = new DotStuffer();
        stuffer.Encode(content.AsSpan(0, cut), wire);
        stuffer.Encode(content.AsSpan(cut), wire);
        stuffer.Finish(wire);
        return Encoding.ASCII.GetString(wire.WrittenSpan);
    }
}
