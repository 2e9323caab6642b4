using System.Buffers;
using System.Text;
using MailCluster.Mail.Replies;
using MailCluster.Smtp.Framing;

namespace MailCluster.Smtp.Tests.Framing;

public sealed class ReplyWriterTests
{
    [Fact]
    public void One_line_has_a_space_behind_its_code() =>
        Assert.Equal("250 2.1.0 Sender ok\r\n", Write(new Reply(ReplyCode.Ok, EnhancedStatusCode.SenderOk, "Sender ok")));

    [Fact]
    public void All_lines_but_the_last_have_a_hyphen() =>
        Assert.Equal("250-a\r\n250-b\r\n250 c\r\n", Write(new Reply(ReplyCode.Ok, null, ["a", "b", "c"])));

    [Fact]
    public void Every_line_has_the_status_code() =>
        Assert.Equal(
            "550-5.1.1 No such user\r\n550 5.1.1 here\r\n",
            Write(new Reply(ReplyCode.MailboxUnavailable, EnhancedStatusCode.NoSuchMailbox, ["No such user", "here"])));

    [Fact]
    public void An_empty_text_leaves_the_space() =>
        Assert.Equal("334 \r\n", Write(new Reply(ReplyCode.ServerChallenge, null, "")));

    [Fact]
    public void Text_beyond_ascii_is_utf8_and_a_long_status_fits() =>
        Assert.Equal(
            "554 5.999.999 käse\r\n",
            Write(new Reply(ReplyCode.TransactionFailed, new EnhancedStatusCode(5, 999, 999), "käse")));

    private static string Write(Reply reply)
    {
        var output = new ArrayBufferWriter<byte>();
        ReplyWriter.Write(reply, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
