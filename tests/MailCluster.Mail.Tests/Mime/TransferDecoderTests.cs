using System.Text;
using CsCheck;
using MailCluster.Mail.Mime;

namespace MailCluster.Mail.Tests.Mime;

public sealed class TransferDecoderTests
{
    [Theory]
    [InlineData("7bit", false, "a\nb\r\n", "a\nb\r\n")]
    [InlineData("7bit", true, "a\nb\r\n\n", "a\r\nb\r\n\r\n")]
    [InlineData("base64", false, "aGVs\r\nbG8=", "hello")]
    [InlineData("base64", false, "aG*V s\nbG8", "hello")] // odd octets are passed over, and so is a missing end
    [InlineData("base64", false, "", "")]
    [InlineData("base64", true, "YQpiDQo=", "a\r\nb\r\n")]
    [InlineData("quoted-printable", true, "a=3Db=\r\nc\r\n", "a=bc\r\n")]
    [InlineData("quoted-printable", true, "=ZZ", "=ZZ")]
    public void Encoding_is_undone(string encoding, bool isText, string encoded, string decoded) =>
        Assert.Equal(decoded, Decode(encoding, isText, Encoding.Latin1.GetBytes(encoded), encoded.Length + 1));

    [Fact]
    public void Pieces_however_small_give_the_same_as_the_whole() => Gen.Select(
        Gen.OneOf("7bit", "base64", "quoted-printable"),
        Gen.Bool,
        Gen.OneOf((byte)'a', (byte)'=', (byte)'\r', (byte)'\n', (byte)'4', (byte)' ', (byte)0xC3).Array[0, 200],
        Gen.Int[1, 5]).Sample((encoding, isText, octets, length) =>
            Decode(encoding, isText, octets, octets.Length + 1) == Decode(encoding, isText, octets, length));

    [Fact]
    public void Large_part_is_decoded_in_pieces()
    {
        var octets = new byte[100_000];
        new Random(1).NextBytes(octets);
        var encoded = Encoding.ASCII.GetBytes(Convert.ToBase64String(octets, Base64FormattingOptions.InsertLineBreaks));
        ReadOnlyMemory<byte> left = encoded;
        var decoder = new TransferDecoder("base64", isText: false);
        var decoded = new List<byte>();
        while (!left.IsEmpty)
        {
            var piece = decoder.Decode(ref left);
            Assert.True(piece.Length <= 16 * 1024);
            decoded.AddRange(piece.ToArray());
        }

        Assert.Equal(octets, decoded);
    }

    [Theory]
    [InlineData("x-uuencode", false)]
    [InlineData("", false)]
    [InlineData("8bit", true)]
    [InlineData("binary", true)]
    public void Encodings_of_rfc_2045_are_known(string encoding, bool isKnown) =>
        Assert.Equal(isKnown, TransferDecoder.Knows(encoding));

    private static string Decode(string encoding, bool isText, byte[] octets, int length)
    {
        var decoder = new TransferDecoder(encoding, isText);
        var decoded = new List<byte>();
        foreach (ReadOnlyMemory<byte> piece in octets.Chunk(length))
        {
            for (var left = piece; !left.IsEmpty;)
            {
                decoded.AddRange(decoder.Decode(ref left).Span);
            }
        }

        decoded.AddRange(decoder.Finish().Span);
        return Encoding.Latin1.GetString([.. decoded]);
    }
}
