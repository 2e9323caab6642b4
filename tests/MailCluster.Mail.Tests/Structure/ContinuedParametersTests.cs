using MailCluster.Mail.Structure;

namespace MailCluster.Mail.Tests.Structure;

public sealed class ContinuedParametersTests
{
    [Theory]
    [InlineData("a=b", "a=b")]
    [InlineData("f*0=one|f*1=two", "f=onetwo")]
    [InlineData("f*1=two|x=y|f*0=one", "f=onetwo|x=y")]
    [InlineData("f*0*=utf-8''%e2%82%ac|f*1=%41|f*2*=%41", "f*=\u20AC%41A")]
    [InlineData("f*0*=iso-8859-1'de'gr%fc|f*1*=%df", "f*=gr\u00FC\u00DF")]
    [InlineData("f*0*=x-nobody''%c3%bc", "f*=\u00FC")]
    [InlineData("f*=utf-8''%41", "f*=utf-8''%41")] // whole already
    [InlineData("f*1=two", "f*1=two")] // without a beginning
    [InlineData("f*0=one|f*2=three", "f=one")]
    [InlineData("f*0*=%4|f*1*=%", "f*=%4%")]
    [InlineData("*0=x|f*x=y", "*0=x|f*x=y")]
    public void Pieces_are_joined(string pieces, string whole) => Assert.Equal(
        whole,
        string.Join('|', ContinuedParameters.Join(
            [.. pieces.Split('|').Select(piece => piece.Split('=', 2)).Select(p => new MimeParameter(p[0], p[1]))])
            .Select(p => $"{p.Name}={p.Value}")));
}
