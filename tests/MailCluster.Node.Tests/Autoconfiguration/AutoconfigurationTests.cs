using System.Net;
using System.Text;
using System.Xml.Linq;
using MailCluster.Node.Tests.Fakes;

namespace MailCluster.Node.Tests.Autoconfiguration;

/// <summary>What mail programs ask for when a user has typed an address.</summary>
public sealed class AutoconfigurationTests : IAsyncLifetime, IDisposable
{
    private const string Mozilla = "/mail/config-v1.1.xml";
    private const string Outlook = "/autodiscover/autodiscover.xml";

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _client = new();
    private ApiHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await ApiHost.StartAsync(new FakeQueue(), _folder.Path);
        _client.BaseAddress = _host.Address;
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    public void Dispose()
    {
        _client.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(Mozilla)]
    [InlineData("/.well-known/autoconfig/mail/config-v1.1.xml")]
    public async Task Thunderbird_is_told_every_service_with_the_best_first(string path)
    {
        var config = await GetAsync($"{path}?emailaddress=bob%40Hamburger.EDU");

        Assert.Equal("1.1", config.Attribute("version")?.Value);
        var provider = config.Element("emailProvider")!;
        Assert.Equal("hamburger.edu", provider.Attribute("id")?.Value);
        Assert.Equal(
            [
                "incomingServer imap mail.hamburger.edu 2993 SSL password-cleartext %EMAILADDRESS%",
                "incomingServer imap mail.hamburger.edu 2143 STARTTLS password-cleartext %EMAILADDRESS%",
                "incomingServer pop3 mail.hamburger.edu 2995 SSL password-cleartext %EMAILADDRESS%",
                "incomingServer pop3 mail.hamburger.edu 2110 STARTTLS password-cleartext %EMAILADDRESS%",
                "outgoingServer smtp mail.hamburger.edu 2465 SSL password-cleartext %EMAILADDRESS%",
                "outgoingServer smtp mail.hamburger.edu 2587 STARTTLS password-cleartext %EMAILADDRESS%",
            ],
            provider.Elements().Where(element => element.HasElements).Select(Words));
    }

    [Theory]
    [InlineData("autoconfig.hamburger.edu")]
    [InlineData("hamburger.edu")]
    public async Task Without_an_address_the_host_says_which_domain(string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Mozilla);
        request.Headers.Host = host;
        using var response = await _client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("?emailaddress=bob@elsewhere.example")]
    [InlineData("?emailaddress=%00")]
    [InlineData("")]
    public async Task A_domain_that_is_not_ours_is_not_found(string query)
    {
        using var response = await _client.GetAsync(new Uri(Mozilla + query, UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData(Outlook)]
    [InlineData("/Autodiscover/Autodiscover.xml")]
    public async Task Outlook_is_told_one_service_of_each_kind(string path)
    {
        using var response = await PostAsync(path, Request("bob@hamburger.edu"));

        var account = XDocument.Parse(await response.Content.ReadAsStringAsync()).Descendants()
            .Single(element => element.Name.LocalName == "Account");
        Assert.Equal("http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a", account.Name.NamespaceName);
        Assert.Equal(
            [
                "Protocol IMAP mail.hamburger.edu 2993 bob@hamburger.edu off off on SSL on",
                "Protocol POP3 mail.hamburger.edu 2995 bob@hamburger.edu off off on SSL on",
                "Protocol SMTP mail.hamburger.edu 2465 bob@hamburger.edu off off on SSL on",
            ],
            account.Elements().Where(element => element.HasElements).Select(Words));
    }

    [Theory]
    [InlineData("bob@elsewhere.example", HttpStatusCode.NotFound)]
    [InlineData("bob", HttpStatusCode.BadRequest)]
    [InlineData("<x/>", HttpStatusCode.BadRequest)]
    public async Task Outlook_hears_what_is_wrong_with_an_address(string address, HttpStatusCode expected)
    {
        using var response = await PostAsync(Outlook, Request(address));
        Assert.Equal(expected, response.StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("<Autodiscover>")]
    [InlineData("<Autodiscover/>")]
    [InlineData("<!DOCTYPE a [<!ENTITY b \"bob@hamburger.edu\">]><a><EMailAddress>&b;</EMailAddress></a>")]
    public async Task What_is_no_request_is_refused(string body)
    {
        using var response = await PostAsync(Outlook, body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task A_request_of_any_size_is_read_no_further_than_its_limit()
    {
        using var response = await PostAsync(Outlook, $"<a>{new string('x', 1_000_000)}{Request("bob@hamburger.edu")}</a>");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    private static string Request(string address) =>
        $"""
        <?xml version="1.0" encoding="utf-8"?>
        <Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006">
          <Request>
            <EMailAddress>{address}</EMailAddress>
            <AcceptableResponseSchema>http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a</AcceptableResponseSchema>
          </Request>
        </Autodiscover>
        """;

    private static string Words(XElement service) => string.Join(
        ' ',
        (string?[])[
            service.Name.LocalName,
            service.Attribute("type")?.Value,
            .. service.Elements().Select(element => element.Value),
        ]).Replace("  ", " ", StringComparison.Ordinal);

    private async Task<XElement> GetAsync(string path)
    {
        using var response = await _client.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/xml", response.Content.Headers.ContentType?.MediaType);
        return XDocument.Parse(await response.Content.ReadAsStringAsync()).Root!;
    }

    private async Task<HttpResponseMessage> PostAsync(string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "text/xml");
        return await _client.PostAsync(new Uri(path, UriKind.Relative), content);
    }
}
