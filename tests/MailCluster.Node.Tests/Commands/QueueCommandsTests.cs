using System.Net;
using System.Net.Sockets;
using MailCluster.Node.Commands;
using MailCluster.Node.Http;
using MailCluster.Node.Tests.Fakes;
using MailCluster.Queue;

namespace MailCluster.Node.Tests.Commands;

public sealed class QueueCommandsTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeQueue _queue = new();
    private ApiHost _host = null!;

    public async Task InitializeAsync() => _host = await ApiHost.StartAsync(_queue, _folder.Path);

    public async Task DisposeAsync() => await _host.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_queue_is_listed_as_a_table()
    {
        var id = _queue.Add(1, "bob@hamburger.edu", "alice@crepes.fr");

        var lines = (await DoneAsync("queue list")).Output.Split('\n');

        Assert.StartsWith("ID ", lines[0], StringComparison.Ordinal);
        Assert.StartsWith(
            $"{id}  deferred  1234  2026-03-01 12:00:00Z  2026-03-01 12:30:00Z  <bob@hamburger.edu>",
            lines[1],
            StringComparison.Ordinal);
        Assert.EndsWith("450 4.2.2 Try later", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_queue_says_so() => Assert.Equal("No entries.\n", (await DoneAsync("queue list")).Output);

    [Fact]
    public async Task A_listing_goes_over_pages_up_to_its_limit()
    {
        for (var i = 0; i < 2300; i++)
        {
            _queue.Add(i % 32, "bob@hamburger.edu", "alice@crepes.fr");
        }

        Assert.Equal(2300, (await DoneAsync("queue list --limit 5000 --json")).Json().GetArrayLength());
        Assert.Equal(1500, (await DoneAsync("queue list --limit 1500 --json")).Json().GetArrayLength());
        Assert.Equal(100, (await DoneAsync("queue list --json")).Json().GetArrayLength());
    }

    [Fact]
    public async Task Filters_go_to_the_node()
    {
        _queue.Add(1, "bob@hamburger.edu", "alice@crepes.fr");
        var notice = _queue.Add(2, "", "alice+x&y@crepes.fr", EntryStatus.Held);

        var run = await DoneAsync(
            "queue list --json --destination CREPES.fr --sender <> --recipient alice+x&y@crepes.fr --status held");

        var entry = Assert.Single(run.Json().EnumerateArray().ToArray());
        Assert.Equal(notice.ToString(), entry.GetProperty("id").GetString());
    }

    [Fact]
    public async Task One_entry_is_shown_with_what_was_last_heard()
    {
        var id = _queue.Add(1, "bob@hamburger.edu", "alice@crepes.fr");

        var text = (await DoneAsync($"queue show {id}")).Output;
        var json = (await DoneAsync($"queue show {id} --json")).Json();

        Assert.Contains("<alice@crepes.fr>  pending  crepes.fr  2 ", text, StringComparison.Ordinal);
        Assert.Contains("mx.crepes.fr[192.0.2.1]:25  450 4.2.2 Try later", text, StringComparison.Ordinal);
        Assert.Equal(id.ToString(), json.GetProperty("entry").GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("retry", "Retried", typeof(RetryMessage))]
    [InlineData("hold", "Held", typeof(HoldMessage))]
    [InlineData("release", "Released", typeof(ReleaseMessage))]
    [InlineData("remove", "Removed", typeof(RemoveMessage))]
    public async Task Entries_are_changed_by_id_by_filter_or_all(string action, string done, Type command)
    {
        var first = _queue.Add(1, "bob@hamburger.edu", "alice@crepes.fr");
        var second = _queue.Add(2, "bob@hamburger.edu", "alice@crepes.fr");
        _queue.Add(3, "bob@hamburger.edu", "carol@pizza.it");

        Assert.Equal($"{done} 2 entries.\n", (await DoneAsync($"queue {action} {first} {second}")).Output);
        Assert.Equal($"{done} 1 entry.\n", (await DoneAsync($"queue {action} --destination pizza.it")).Output);
        Assert.Equal($"{done} 3 entries.\n", (await DoneAsync($"queue {action} --all")).Output);
        Assert.All(_queue.Executed, executed => Assert.Equal(command, executed.GetType()));
    }

    [Fact]
    public async Task Removal_tells_senders_where_asked_to()
    {
        var id = _queue.Add(1, "bob@hamburger.edu", "alice@crepes.fr");

        await DoneAsync($"queue remove {id}");
        await DoneAsync($"queue remove {id} --notify");

        Assert.Equal([new RemoveMessage(id, false), new RemoveMessage(id, true)], _queue.Executed);
    }

    [Fact]
    public async Task An_entry_that_is_gone_is_a_refusal()
    {
        const string Missing = "00000000000000000000000001";

        var run = await RunAsync($"queue show {Missing}");

        Assert.Equal(CommandLine.Refused, run.ExitCode);
        Assert.Equal($"mailcluster: there is no entry {Missing} in the queue\n", run.Error);
    }

    [Fact]
    public async Task A_node_that_does_not_run_is_said_so()
    {
        var run = await CommandRun.OfAsync(_folder.Path, ["queue", "list", "--set", $"Http:Port={ClosedPort()}"]);

        Assert.Equal(CommandLine.Refused, run.ExitCode);
        Assert.StartsWith("mailcluster: no node answers at http://127.0.0.1:", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_without_token_is_said_so()
    {
        using var other = new TemporaryFolder();

        var run = await CommandRun.OfAsync(other.Path, ["queue", "list"]);

        Assert.Equal(CommandLine.Refused, run.ExitCode);
        Assert.StartsWith($"mailcluster: there is no {other.File(ApiToken.FileName)}", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_token_of_another_folder_is_refused_without_being_shown()
    {
        using var other = new TemporaryFolder();
        other.Write(ApiToken.FileName, "wrong-token");

        var run = await CommandRun.OfAsync(other.Path, ["queue", "list", "--set", $"Http:Port={_host.Address.Port}"]);

        Assert.Equal(CommandLine.Refused, run.ExitCode);
        Assert.DoesNotContain("wrong-token", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(_host.Token, run.Error, StringComparison.Ordinal);
    }

    private static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task<CommandRun> DoneAsync(string line)
    {
        var run = await RunAsync(line);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        return run;
    }

    private Task<CommandRun> RunAsync(string line) =>
        CommandRun.OfAsync(_folder.Path, [.. line.Split(' '), "--set", $"Http:Port={_host.Address.Port}"]);
}
