using System.Text;
using MailCluster.Imap.Responses;
using MailCluster.Imap.Syntax;
using MailCluster.Mail.Structure;

namespace MailCluster.Imap.Tests.Responses;

public sealed class HeaderFilterTests
{
    private const string Header = "From: a\r\nSUBJECT : x\r\n y\r\nTo: b\r\nno field\r\n z\r\nsubject: again\r\n\r\nbody\r\n";

    [Theory]
    [InlineData("Subject", false, "SUBJECT : x\r\n y\r\nsubject: again\r\n\r\n")]
    [InlineData("Subject", true, "From: a\r\nTo: b\r\n\r\n")]
    [InlineData("from,TO", false, "From: a\r\nTo: b\r\n\r\n")]
    [InlineData("Cc", false, "\r\n")]
    [InlineData("no field", false, "\r\n")]
    [InlineData("", false, "\r\n")]
    public void Whole_fields_are_kept_as_they_stand(string names, bool allBut, string expected) =>
        Assert.Equal(expected, Apply(Header, names, allBut));

    [Theory]
    [InlineData("", "\r\n")]
    [InlineData("\r\n", "\r\n")]
    [InlineData("\n", "\r\n")]
    [InlineData("Subject: x", "Subject: x\r\n")]
    [InlineData("Subject: x\n y\n\nbody", "Subject: x\n y\n\r\n")]
    [InlineData(" folded\r\nSubject: x\r\n", "Subject: x\r\n\r\n")]
    [InlineData(": x\r\nSubject: y\r\n", "Subject: y\r\n\r\n")]
    public void Broken_headers_are_cut_by_the_line(string header, string expected) =>
        Assert.Equal(expected, Apply(header, "Subject", allBut: false));

    private static string Apply(string header, string names, bool allBut) => Encoding.UTF8.GetString(HeaderFilter.Apply(
        Encoding.UTF8.GetBytes(header), new SectionSpec([], MessageSection.Header, [.. names.Split(',')], allBut)).Span);
}
