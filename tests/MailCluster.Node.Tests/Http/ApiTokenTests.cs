using System.Net;
using MailCluster.Node.Http;
using MailCluster.Node.Tests.Fakes;

namespace MailCluster.Node.Tests.Http;

public sealed class ApiTokenTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void The_token_is_made_once_for_the_owner_alone()
    {
        ApiToken.Ensure(_folder.Path);
        var token = File.ReadAllText(_folder.File(ApiToken.FileName));
        ApiToken.Ensure(_folder.Path);

        Assert.Equal(64, token.Length);
        Assert.Equal(token, File.ReadAllText(_folder.File(ApiToken.FileName)));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.File(ApiToken.FileName)));
        }
    }

    [Theory]
    [InlineData("Bearer secret", true)]
    [InlineData("bearer  secret ", true)]
    [InlineData("Bearer secret2", false)]
    [InlineData("Bearer secre", false)]
    [InlineData("Bearer ", false)]
    [InlineData("Basic secret", false)]
    [InlineData("secret", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Only_the_token_matches(string? header, bool matches)
    {
        _folder.Write(ApiToken.FileName, "secret\n");
        var token = ApiToken.Ensure(_folder.Path);

        Assert.Equal(matches, token.Matches(header));
        Assert.DoesNotContain("secret", token.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/api/queue")]
    [InlineData("GET", "/api/queue/0000000000000000000000000A")]
    [InlineData("POST", "/api/queue/0000000000000000000000000A/remove")]
    [InlineData("POST", "/api/queue/retry")]
    public async Task Without_the_token_nothing_is_told_and_nothing_done(string method, string path)
    {
        var queue = new FakeQueue();
        queue.Add(1, "bob@hamburger.edu", "alice@crepes.fr");
        await using var host = await ApiHost.StartAsync(queue, _folder.Path);
        using var client = new HttpClient { BaseAddress = host.Address };
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using var response = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Empty(queue.Executed);
    }

    [Theory]
    [InlineData("/health/live", false, HttpStatusCode.OK)]
    [InlineData("/health/live", true, HttpStatusCode.OK)]
    [InlineData("/health/ready", false, HttpStatusCode.OK)]
    [InlineData("/health/ready", true, HttpStatusCode.ServiceUnavailable)]
    public async Task Probes_need_no_token(string path, bool isInTrouble, HttpStatusCode status)
    {
        var cluster = new FakeCluster { Trouble = isInTrouble ? "the database does not answer" : null };
        await using var host = await ApiHost.StartAsync(new FakeQueue(), _folder.Path, cluster);
        using var client = new HttpClient { BaseAddress = host.Address };

        using var response = await client.GetAsync(new Uri(path, UriKind.Relative));

        Assert.Equal(status, response.StatusCode);
    }

    public void Dispose() => _folder.Dispose();
}
