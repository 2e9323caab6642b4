using System.Text;
using MailCluster.Imap.Syntax;

namespace MailCluster.Imap.Tests.Syntax;

public sealed class ResultRangeTests
{
    [Theory]
    [InlineData("1:3", 10, "1:3")]
    [InlineData("3:1", 10, "1:3")]
    [InlineData("8:12", 10, "8:10")]
    [InlineData("11:12", 10, "")]
    [InlineData("1:4294967295", 10, "1:10")]
    [InlineData("-1:-3", 10, "8:10")]
    [InlineData("-3:-1", 10, "8:10")]
    [InlineData("-9:-12", 10, "1:2")]
    [InlineData("-11:-12", 10, "")]
    [InlineData("-1:-1", 1, "1:1")]
    [InlineData("1:1", 0, "")]
    public void A_part_is_what_there_is_of_it(string text, int count, string expected)
    {
        var reader = new SyntaxReader(Encoding.ASCII.GetBytes(text), utf8: false, FakeMailbox.Now);
        var range = reader.ResultRange();
        reader.End();
        Assert.Null(reader.Error);
        Assert.Equal(text, range.ToString());
        Assert.Equal(expected, range.Of(count) is { } part ? $"{part.First}:{part.Last}" : "");
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("0:1")]
    [InlineData("1:0")]
    [InlineData("1:*")]
    [InlineData("1:-2")]
    [InlineData("-1:2")]
    [InlineData("1:4294967296")]
    public void What_is_no_part_is_refused(string text)
    {
        var reader = new SyntaxReader(Encoding.ASCII.GetBytes(text), utf8: false, FakeMailbox.Now);
        reader.ResultRange();
        reader.End();
        Assert.NotNull(reader.Error);
    }
}
