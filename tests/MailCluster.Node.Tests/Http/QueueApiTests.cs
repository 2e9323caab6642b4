using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MailCluster.Mail.Identity;
using MailCluster.Node.Http;
using MailCluster.Node.Tests.Fakes;
using MailCluster.Queue;

namespace MailCluster.Node.Tests.Http;

public sealed class QueueApiTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeQueue _queue = new();
    private ApiHost _host = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _host = await ApiHost.StartAsync(_queue, _folder.Path);
        _client = _host.CreateClient();
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    public void Dispose()
    {
        _client.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_queue_is_listed_as_JSON()
    {
        var id = _queue.Add(1, "bob@hamburger.edu", "alice@crepes.fr");

        var json = await _client.GetStringAsync(new Uri("/api/queue", UriKind.Relative));

        using var document = JsonDocument.Parse(json);
        var entry = Assert.Single(document.RootElement.GetProperty("entries").EnumerateArray().ToArray());
        Assert.Equal(id.ToString(), entry.GetProperty("id").GetString());
        Assert.Equal("deferred", entry.GetProperty("status").GetString());
        Assert.Equal("bob@hamburger.edu", entry.GetProperty("from").GetString());
        Assert.Equal("alice@crepes.fr", entry.GetProperty("to").GetString());
        Assert.Equal("450 4.2.2 Try later", entry.GetProperty("lastReply").GetString());
        Assert.Equal(JsonValueKind.Null, document.RootElement.GetProperty("next").ValueKind);
    }

    [Theory]
    [InlineData("", 3)]
    [InlineData("?destination=crepes.fr", 2)]
    [InlineData("?destination=CREPES.fr&sender=bob@hamburger.edu", 1)]
    [InlineData("?sender=", 1)]
    [InlineData("?sender=%3C%3E", 1)]
    [InlineData("?recipient=carol@pizza.it", 1)]
    [InlineData("?status=held", 1)]
    [InlineData("?status=Deferred", 2)]
    [InlineData("?limit=2", 2)]
    public async Task Filters_choose_entries(string query, int count)
    {
        _queue.Add(1, "bob@hamburger.edu", "alice@crepes.fr");
        _queue.Add(2, "", "alice@crepes.fr");
        _queue.Add(3, "bob@hamburger.edu", "carol@pizza.it", EntryStatus.Held);

        var page = await GetAsync<QueuePageJson>($"/api/queue{query}");

        Assert.Equal(count, page.Entries.Length);
    }

    [Fact]
    public async Task Pages_follow_each_other_to_the_end()
    {
        var all = Enumerable.Range(0, 5)
            .Select(i => _queue.Add(i, "bob@hamburger.edu", "alice@crepes.fr").ToString())
            .ToArray();
        var seen = new List<string>();
        string? next = null;
        do
        {
            var page = await GetAsync<QueuePageJson>($"/api/queue?limit=2{(next is null ? "" : $"&after={next}")}");
            seen.AddRange(page.Entries.Select(entry => entry.Id));
            next = page.Next;
        }
        while (next is not null);

        Assert.Equal(all, seen);
    }

    [Theory]
    [InlineData("destination=not%20a%20domain", "destination must be a domain")]
    [InlineData("status=sleeping", "status must be active, deferred or held")]
    [InlineData("status=1", "status must be active, deferred or held")]
    [InlineData("status=", "status must be active, deferred or held")]
    [InlineData("limit=0", "limit must be from 1 to 1000")]
    [InlineData("limit=many", "limit must be from 1 to 1000")]
    [InlineData("after=zzz", "after must be a queue id")]
    [InlineData("domain=crepes.fr", "there is no filter 'domain'")]
    public async Task A_wrong_filter_is_refused_and_changes_nothing(string query, string detail)
    {
        _queue.Add(1, "bob@hamburger.edu", "alice@crepes.fr");

        using var list = await _client.GetAsync(new Uri($"/api/queue?{query}", UriKind.Relative));
        using var remove = await _client.PostAsync(new Uri($"/api/queue/remove?{query}", UriKind.Relative), null);

        Assert.Equal(detail, await ProblemAsync(list, HttpStatusCode.BadRequest));
        Assert.Equal(detail, await ProblemAsync(remove, HttpStatusCode.BadRequest));
        Assert.Empty(_queue.Executed);
    }

    [Fact]
    public async Task One_entry_is_shown_with_its_recipients()
    {
        var id = _queue.Add(1, "bob@hamburger.edu", "alice@crepes.fr");

        var details = await GetAsync<QueueDetailsJson>($"/api/queue/{id}");

        var recipient = Assert.Single(details.Recipients);
        Assert.Equal(("alice@crepes.fr", "crepes.fr", 2), (recipient.Address, recipient.Target, recipient.Attempts));
        Assert.Equal("mx.crepes.fr[192.0.2.1]:25", recipient.LastRemote);
        Assert.Equal("env+2B1", details.EnvelopeId);
    }

    [Theory]
    [InlineData("retry", typeof(RetryMessage))]
    [InlineData("hold", typeof(HoldMessage))]
    [InlineData("release", typeof(ReleaseMessage))]
    [InlineData("remove", typeof(RemoveMessage))]
    public async Task An_operator_changes_one_entry(string action, Type command)
    {
        var id = _queue.Add(1, "bob@hamburger.edu", "alice@crepes.fr");

        var change = await PostAsync($"/api/queue/{id}/{action}");

        Assert.Equal(1, change.Changed);
        Assert.Equal(command, Assert.Single(_queue.Executed).GetType());
        Assert.Equal(id, _queue.Executed[0].QueueId);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("?notify=true", true)]
    [InlineData("?notify=false", false)]
    public async Task Removal_tells_the_sender_only_where_asked_to(string query, bool withDsn)
    {
        var id = _queue.Add(1, "bob@hamburger.edu", "alice@crepes.fr");

        await PostAsync($"/api/queue/{id}/remove{query}");

        Assert.Equal([new RemoveMessage(id, withDsn)], _queue.Executed);
    }

    [Fact]
    public async Task All_that_match_are_retried_over_all_pages()
    {
        var expected = Enumerable.Range(0, 2500)
            .Select(i => _queue.Add(i % 32, "bob@hamburger.edu", "alice@crepes.fr"))
            .ToHashSet();
        _queue.Add(1, "bob@hamburger.edu", "carol@pizza.it");

        var change = await PostAsync("/api/queue/retry?destination=crepes.fr");

        Assert.Equal(2500, change.Changed);
        Assert.True(expected.SetEquals(_queue.Executed.OfType<RetryMessage>().Select(command => command.QueueId)));
    }

    [Fact]
    public async Task A_message_that_came_in_later_is_not_meant()
    {
        _queue.Add(1, "bob@hamburger.edu", "alice@crepes.fr", at: DateTimeOffset.MaxValue.AddYears(-1100));

        Assert.Equal(0, (await PostAsync("/api/queue/hold")).Changed);
    }

    [Fact]
    public async Task An_entry_that_is_not_there_is_not_found()
    {
        var id = QueueId.New(1, FakeQueue.Start);

        using var shown = await _client.GetAsync(new Uri($"/api/queue/{id}", UriKind.Relative));
        using var retried = await _client.PostAsync(new Uri($"/api/queue/{id}/retry", UriKind.Relative), null);

        Assert.Equal($"there is no entry {id} in the queue", await ProblemAsync(shown, HttpStatusCode.NotFound));
        Assert.Equal($"there is no entry {id} in the queue", await ProblemAsync(retried, HttpStatusCode.NotFound));
    }

    [Theory]
    [InlineData("/api/queue/not-an-id", HttpStatusCode.BadRequest)]
    [InlineData("/api/nothing", HttpStatusCode.NotFound)]
    [InlineData("/", HttpStatusCode.NotFound)]
    public async Task Every_error_is_problem_details(string path, HttpStatusCode status)
    {
        using var response = await _client.GetAsync(new Uri(path, UriKind.Relative));

        await ProblemAsync(response, status);
    }

    [Fact]
    public async Task A_queue_that_does_not_answer_is_unavailable()
    {
        _queue.IsSilent = true;

        using var response = await _client.GetAsync(new Uri("/api/queue", UriKind.Relative));

        await ProblemAsync(response, HttpStatusCode.ServiceUnavailable);
        Assert.DoesNotContain("partition", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task<string?> ProblemAsync(HttpResponseMessage response, HttpStatusCode status)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal((int)status, problem.RootElement.GetProperty("status").GetInt32());
        return problem.RootElement.TryGetProperty("detail", out var detail) ? detail.GetString() : null;
    }

    private async Task<T> GetAsync<T>(string path) =>
        (await _client.GetFromJsonAsync<T>(new Uri(path, UriKind.Relative), MailClusterApi.Json))!;

    private async Task<QueueChangeJson> PostAsync(string path)
    {
        using var response = await _client.PostAsync(new Uri(path, UriKind.Relative), null);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<QueueChangeJson>(MailClusterApi.Json))!;
    }
}
