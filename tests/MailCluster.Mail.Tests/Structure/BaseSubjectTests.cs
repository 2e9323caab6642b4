using MailCluster.Mail.Structure;

namespace MailCluster.Mail.Tests.Structure;

public sealed class BaseSubjectTests
{
    [Theory]
    [InlineData(null, "", false)]
    [InlineData("", "", false)]
    [InlineData("plain", "plain", false)]
    [InlineData("Re: plain", "plain", true)]
    [InlineData("re:plain", "plain", true)]
    [InlineData("RE : plain", "plain", true)]
    [InlineData("Fwd: plain", "plain", true)]
    [InlineData("FW: plain", "plain", true)]
    [InlineData("Re: Fwd: RE: plain", "plain", true)]
    [InlineData("Re[2]: plain", "plain", true)]
    [InlineData("Re [a b]: plain", "plain", true)]
    [InlineData("Re[2][3]: plain", "Re[2][3]: plain", false)]
    [InlineData("[list] plain", "plain", false)]
    [InlineData("[list] [other] Re: [list] plain", "plain", true)]
    [InlineData("Re: [list] Fw[1]: plain", "plain", true)]
    [InlineData("[only]", "[only]", false)]
    [InlineData("[one] [two]", "[two]", false)]
    [InlineData("Re: [only]", "[only]", true)]
    [InlineData("[nested [list]] plain", "[nested [list]] plain", false)]
    [InlineData("plain (fwd)", "plain", true)]
    [InlineData("plain (FWD) (fwd)  ", "plain", true)]
    [InlineData("[fwd: plain]", "plain", true)]
    [InlineData("[Fwd: Re: [list] plain (fwd)]", "plain", true)]
    [InlineData("[fwd: [fwd: plain]]", "plain", true)]
    [InlineData("Re: [fwd: plain] (fwd)", "plain", true)]
    [InlineData("Re:", "", true)]
    [InlineData("Re: (fwd)", "", true)]
    [InlineData("Regards: plain", "Regards: plain", false)]
    [InlineData("Research", "Research", false)]
    [InlineData("Fwdx: plain", "Fwdx: plain", false)]
    [InlineData("  much \t  blank  ", "much blank", false)]
    [InlineData("=?utf-8?Q?Re:_Gr=C3=BC=C3=9Fe?=", "Grüße", true)]
    [InlineData("Re: =?utf-8?B?UmU6IHBsYWlu?=", "plain", true)]
    [InlineData("=?utf-8?Q?=5Blist=5D?= =?utf-8?Q?_plain?=", "plain", false)]
    public void Subject_has_this_base(string? subject, string expected, bool isReplyOrForward) =>
        Assert.Equal((expected, isReplyOrForward), BaseSubject.Of(subject));

    [Fact]
    public void Subject_of_a_megabyte_of_blobs_takes_no_time()
    {
        var subject = string.Concat(Enumerable.Repeat("[a]", 350_000));

        var (text, _) = BaseSubject.Of(subject);

        Assert.True(text.Length <= 4096, $"kept {text.Length} characters");
    }
}
