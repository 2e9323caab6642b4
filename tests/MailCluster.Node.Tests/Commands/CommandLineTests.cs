using MailCluster.Node.Commands;
using MailCluster.Node.Tests.Fakes;

namespace MailCluster.Node.Tests.Commands;

public sealed class CommandLineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task No_command_runs_the_node_with_the_settings()
    {
        var run = await RunAsync("--set", "Node:Hostname=mx.example.org");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal($"node mx.example.org {_folder.Path}\n", run.Output);
    }

    [Fact]
    public async Task A_wrong_setting_stops_the_start_with_one_line()
    {
        var run = await RunAsync("--set", "Smtp:MaxMessageSize=lots");

        Assert.Equal(CommandLine.WrongUsage, run.ExitCode);
        Assert.Equal("", run.Output);
        Assert.Equal("mailcluster: Smtp:MaxMessageSize = \"lots\": a size such as 50MB, from 64KB to 2GB\n", run.Error);
    }

    [Theory]
    [InlineData("dance")]
    [InlineData("domain")]
    [InlineData("domain add")]
    [InlineData("domain add not..a..domain")]
    [InlineData("domain add [192.0.2.1]")]
    [InlineData("account add bob")]
    [InlineData("account add bob@example.org --quota much")]
    [InlineData("account quota bob@example.org 5x")]
    [InlineData("account quota bob@example.org 5MB --messages many")]
    [InlineData("account quota bob@example.org 5MB --messages -1")]
    [InlineData("alias add info@example.org")]
    [InlineData("alias add info nobody@example.org")]
    [InlineData("queue show not-an-id")]
    [InlineData("queue list --status sleeping")]
    [InlineData("queue list --limit 0")]
    [InlineData("queue retry")]
    [InlineData("queue remove")]
    [InlineData("queue remove --all --sender a@b.c")]
    [InlineData("send --from a@b.c --file x")]
    [InlineData("--color")]
    public async Task Wrong_usage_is_one_line_and_exit_code_2(string line)
    {
        var run = await RunAsync(line.Split(' '));

        Assert.Equal(CommandLine.WrongUsage, run.ExitCode);
        Assert.Equal("", run.Output);
        Assert.StartsWith("mailcluster: ", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd('\n').Split('\n'));
    }

    [Theory]
    [InlineData("", "domain")]
    [InlineData("domain", "Examples:")]
    [InlineData("domain add", "example.org")]
    [InlineData("account", "Examples:")]
    [InlineData("account add", "--password-stdin")]
    [InlineData("alias", "Examples:")]
    [InlineData("queue", "Examples:")]
    [InlineData("queue retry", "--destination")]
    [InlineData("send", "Examples:")]
    [InlineData("config", "Examples:")]
    public async Task Every_command_has_help(string command, string said)
    {
        var run = await RunAsync([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains(said, run.Output, StringComparison.Ordinal);
        Assert.Equal("", run.Error);
    }

    [Fact]
    public async Task Examples_stand_in_the_help_of_their_own_command_only()
    {
        Assert.Contains("queue retry --destination", (await RunAsync("queue", "--help")).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("queue retry --destination", (await RunAsync("--help")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_is_printed()
    {
        var run = await RunAsync("version");

        Assert.StartsWith("MailCluster 0.1.0", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Config_show_prints_every_setting_and_changed_ones_alone()
    {
        var all = (await RunAsync("config", "show", "--json")).Json();
        var changed = (await RunAsync("config", "show", "--changed", "--json", "--set", "Smtp:MaxErrors=5")).Json();

        Assert.Equal("50MB", all.GetProperty("Smtp:MaxMessageSize").GetString());
        Assert.Equal("30m", all.GetProperty("Queue:RetryDelays").GetString());
        Assert.Equal("5", changed.GetProperty("Smtp:MaxErrors").GetString());
        Assert.Equal(
            ["Node:DataFolder", "Smtp:MaxErrors"], changed.EnumerateObject().Select(setting => setting.Name).ToArray());
    }

    [Fact]
    public async Task Config_show_is_a_table_for_people()
    {
        var lines = (await RunAsync("config", "show")).Output.Split('\n');

        Assert.StartsWith("SETTING ", lines[0], StringComparison.Ordinal);
        var line = Assert.Single(lines, line => line.StartsWith("Smtp:MaxMessageSize ", StringComparison.Ordinal));
        Assert.Equal(lines[0].IndexOf("VALUE", StringComparison.Ordinal), line.IndexOf("50MB", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Config_check_also_reads_the_password_files()
    {
        var password = _folder.Write("password", "");
        _folder.Write("mailcluster.json", $$"""
            { "Relay": { "SmartHost": { "Host": "smart.example", "UserName": "bob", "PasswordFile": "{{password}}" } } }
            """);

        var empty = await RunAsync("config", "check");
        await File.WriteAllTextAsync(password, "ketchup\n");
        var right = await RunAsync("config", "check");

        Assert.Equal(2, empty.ExitCode);
        Assert.Equal($"mailcluster: {password}: a file with a password in it, not an empty one\n", empty.Error);
        Assert.Equal(0, right.ExitCode);
        Assert.DoesNotContain("ketchup", right.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Config_check_also_reads_the_certificate()
    {
        var file = _folder.Write("cert.pem", "no certificate");

        var run = await RunAsync("config", "check", "--set", $"Tls:Certificate={file}");

        Assert.Equal(CommandLine.WrongUsage, run.ExitCode);
        Assert.StartsWith($"mailcluster: Tls:Certificate = \"{file}\": ", run.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private Task<CommandRun> RunAsync(params string[] args) => CommandRun.OfAsync(_folder.Path, args);
}
