using System.Text;
using MailCluster.Actors.Mailboxes;

namespace MailCluster.Actors.Tests.Mailboxes;

public sealed class LineEndsTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("a\nb\n", "a\r\nb\r\n")]
    [InlineData("a\r\nb\r\n", "a\r\nb\r\n")]
    [InlineData("\n\n\r\n\n", "\r\n\r\n\r\n\r\n")]
    [InlineData("a\rb\r\r\nc\0\n", "a\rb\r\r\nc\0\r\n")]
    [InlineData("\r", "\r")]
    public void Every_lf_gets_its_cr_wherever_the_octets_are_split(string octets, string expected)
    {
        for (var first = 0; first <= octets.Length; first++)
        {
            for (var second = first; second <= octets.Length; second++)
            {
                var lines = new LineEnds();
                var converted = string.Concat(((string[])[octets[..first], octets[first..second], octets[second..]])
                    .Select(piece => Encoding.ASCII.GetString(lines.Convert(Encoding.ASCII.GetBytes(piece)).Span)));
                Assert.Equal(expected, converted);
            }
        }
    }
}
