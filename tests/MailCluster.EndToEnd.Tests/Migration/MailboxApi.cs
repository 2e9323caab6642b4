using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MailCluster.EndToEnd.Tests.Fakes;

namespace MailCluster.EndToEnd.Tests.Migration;

/// <summary>What the operator's API says of an account's mail, and to whom.</summary>
public sealed class MailboxApi : IAsyncLifetime
{
    private const string Account = "account=bob%40hamburger.edu";
    private const string Key = "key=00112233445566778899aabbccddeeff";

    private LiveNode _node = null!;

    public async Task InitializeAsync() => _node = await LiveNode.StartAsync("Imap:MaxMessageSize=1KB");

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task Nobody_is_told_anything_without_the_token()
    {
        using var stranger = new HttpClient { BaseAddress = _node.Api.BaseAddress };
        foreach (var path in (string[])["folders", "messages", "messages/1"])
        {
            using var answer = await stranger.GetAsync(Path($"{path}?{Account}&folder=INBOX"));
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }

        using var content = new StringContent("Subject: x\n\n");
        using var refused = await stranger.PostAsync(Path($"messages?{Account}&folder=INBOX&{Key}"), content);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Empty(await _node.ReadFolderAsync("bob", "INBOX"));
    }

    [Theory]
    [InlineData($"folder=INBOX&key=12", HttpStatusCode.BadRequest)]
    [InlineData($"folder=INBOX&{Key}&flags=Seen", HttpStatusCode.BadRequest)]
    [InlineData($"folder=INBOX&{Key}&flags=(%5CNone)", HttpStatusCode.BadRequest)]
    [InlineData($"folder=a//b&{Key}", HttpStatusCode.BadRequest)]
    [InlineData($"folder=INBOX&{Key}&date=yesterday", HttpStatusCode.BadRequest)]
    public async Task A_message_that_is_described_wrongly_is_refused(string query, HttpStatusCode expected) =>
        Assert.Equal(expected, (await PostAsync(query, "Subject: x\n\n")).Status);

    [Theory]
    [InlineData("folder=No", "Subject: x\n\n", "noSuchFolder")]
    [InlineData("folder=INBOX", "", "empty")]
    [InlineData("folder=inbox", "Subject: x\n\n", "imported")]
    public async Task What_becomes_of_a_message_is_answered(string query, string octets, string expected) =>
        Assert.Equal((HttpStatusCode.OK, expected), await PostAsync($"{query}&{Key}", octets));

    [Fact]
    public async Task The_size_counts_with_the_line_ends_that_are_stored()
    {
        var octets = "S: x\n\n" + new string('\n', 497);
        Assert.Equal("imported", (await PostAsync($"folder=INBOX&{Key}", octets[..^3])).Answer);
        Assert.Equal("tooLarge", (await PostAsync($"folder=INBOX&{Key.Replace('0', '1')}", octets + new string('\n', 30))).Answer);
        Assert.Single(await _node.ReadFolderAsync("bob", "INBOX"));
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        foreach (var path in (string[])["messages?folder=No", "messages/9?folder=INBOX", "folders?x=y"])
        {
            var account = path.StartsWith("folders", StringComparison.Ordinal) ? "account=nobody%40hamburger.edu" : Account;
            using var answer = await _node.Api.GetAsync(Path($"{path}&{account}"));
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }

        using var many = await _node.Api.PostAsJsonAsync(
            Path($"imported?{Account}"), new { Keys = Enumerable.Repeat(Key[4..], 1001) });
        Assert.Equal(HttpStatusCode.BadRequest, many.StatusCode);
    }

    private async Task<(HttpStatusCode Status, string? Answer)> PostAsync(string query, string octets)
    {
        using var content = new StringContent(octets);
        using var answer = await _node.Api.PostAsync(Path($"messages?{Account}&{query}"), content);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return (answer.StatusCode, json.RootElement.TryGetProperty("answer", out var said) ? said.GetString() : null);
    }

    private static Uri Path(string path) => new($"/api/mailbox/{path}", UriKind.Relative);
}
