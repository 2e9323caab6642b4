using System.Text;
using MailCluster.Mail.Headers;

namespace MailCluster.Mail.Tests.Headers;

public sealed class EightBitHeaderTests
{
    [Theory]
    [InlineData("", false)]
    [InlineData("Subject: x\r\n\r\n\u00FC", false)]
    [InlineData("Subject: x\n\n\u00FC", false)]
    [InlineData("\r\n\u00FC", false)]
    [InlineData("Subject: \u00FC\r\n\r\n", true)]
    [InlineData("Subject: x\r\n \u00FC", true)]
    [InlineData("Subject: x\r\n\r \u00FC", true)]
    public void Octets_beyond_ascii_count_in_the_header_alone(string message, bool isFound)
    {
        var octets = Encoding.UTF8.GetBytes(message);
        for (var length = 1; length <= octets.Length + 1; length++)
        {
            var header = new EightBitHeader();
            foreach (var piece in octets.Chunk(length))
            {
                header.Read(piece);
            }

            Assert.Equal(isFound, header.IsFound);
        }
    }
}
