using System.Text.Json;
using MailCluster.Node.Commands;
using MailCluster.Node.Tests.Fakes;
using MailCluster.Storage;
using MailCluster.Storage.Sqlite;

namespace MailCluster.Node.Tests.Commands;

public sealed class DirectoryCommandsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_domain_is_added_listed_and_removed()
    {
        Assert.Equal("Added example.org.\n", (await DoneAsync("domain add Example.ORG")).Output);
        Assert.Equal("example.org\n", (await DoneAsync("domain list")).Output);
        Assert.Equal("example.org", (await DoneAsync("domain list --json")).Json()[0].GetString());
        await DoneAsync("domain remove example.org");
        Assert.Equal("", (await DoneAsync("domain list")).Output);
    }

    [Fact]
    public async Task The_records_of_a_domain_say_what_there_is_and_what_is_not()
    {
        var lines = (await DoneAsync("domain records Exämple.org --set Listeners:submissions:PublicPort=465")).Output;

        Assert.Equal(
            """
            xn--exmple-cua.org.                    IN MX     10 mail.hamburger.edu.
            _submissions._tcp.xn--exmple-cua.org.  IN SRV    0 1 465 mail.hamburger.edu.
            _submission._tcp.xn--exmple-cua.org.   IN SRV    0 1 2587 mail.hamburger.edu.
            _imaps._tcp.xn--exmple-cua.org.        IN SRV    0 1 2993 mail.hamburger.edu.
            _imap._tcp.xn--exmple-cua.org.         IN SRV    0 1 2143 mail.hamburger.edu.
            _pop3s._tcp.xn--exmple-cua.org.        IN SRV    0 1 2995 mail.hamburger.edu.
            _pop3._tcp.xn--exmple-cua.org.         IN SRV    0 1 2110 mail.hamburger.edu.
            autoconfig.xn--exmple-cua.org.         IN CNAME  mail.hamburger.edu.
            autodiscover.xn--exmple-cua.org.       IN CNAME  mail.hamburger.edu.

            """,
            lines);
    }

    [Theory]
    [InlineData("domain add example.org")]
    [InlineData("domain remove missing.example")]
    [InlineData("account add carol@missing.example")]
    [InlineData("account remove nobody@example.org")]
    [InlineData("account password nobody@example.org")]
    [InlineData("account quota nobody@example.org 5MB")]
    [InlineData("alias add info@missing.example a@b.c")]
    [InlineData("alias remove info@example.org")]
    public async Task A_refusal_is_one_line_and_exit_code_1(string line)
    {
        await DoneAsync("domain add example.org");

        var run = await RunAsync(line);

        Assert.Equal(CommandLine.Refused, run.ExitCode);
        Assert.Equal("", run.Output);
        Assert.StartsWith("mailcluster: ", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task A_new_account_gets_a_password_that_is_printed_once()
    {
        await DoneAsync("domain add example.org");

        var lines = (await DoneAsync("account add carol@example.org --quota 5MB")).Output.Split('\n');

        Assert.Equal("Added carol@example.org.", lines[0]);
        Assert.True(await LogsInAsync("carol@example.org", lines[1]["Password: ".Length..]));
    }

    [Fact]
    public async Task A_password_comes_from_standard_input_and_is_not_printed()
    {
        await DoneAsync("domain add example.org");

        var run = await DoneAsync("account add carol@example.org --password-stdin", "ketchup please\nmore\n");

        Assert.Equal("Added carol@example.org.\n", run.Output);
        Assert.True(await LogsInAsync("carol@example.org", "ketchup please"));
    }

    [Fact]
    public async Task A_person_is_asked_for_the_password_twice()
    {
        await DoneAsync("domain add example.org");
        await DoneAsync("account add carol@example.org");

        string[] change = ["account", "password", "carol@example.org"];
        var same = await CommandRun.OfAsync(_folder.Path, change, "", _ => "mustard");
        var differing = await CommandRun.OfAsync(_folder.Path, change, "", prompt => prompt);

        Assert.Equal((0, "Changed carol@example.org.\n"), (same.ExitCode, same.Output));
        Assert.Equal((1, "mailcluster: the two passwords differ\n"), (differing.ExitCode, differing.Error));
        Assert.True(await LogsInAsync("carol@example.org", "mustard"));
    }

    [Theory]
    [InlineData("", "mailcluster: the password is empty\n")]
    [InlineData("a\u0007b\n", "mailcluster: the password has characters that a password may not have (RFC 4013)\n")]
    public async Task A_password_that_cannot_be_used_is_refused(string input, string error)
    {
        await DoneAsync("domain add example.org");

        var run = await RunAsync("account add carol@example.org --password-stdin", input);

        Assert.Equal((1, error), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task Accounts_are_listed_with_their_quota()
    {
        await DoneAsync("domain add example.org");
        await DoneAsync("account add carol@example.org");
        await DoneAsync("account quota carol@example.org 500MB");

        var table = (await DoneAsync("account list --domain example.org")).Output;
        var account = Assert.Single((await DoneAsync("account list --json")).Json().EnumerateArray().ToArray());
        await DoneAsync("account quota carol@example.org none");
        var unlimited = Assert.Single((await DoneAsync("account list --json")).Json().EnumerateArray().ToArray());

        Assert.Equal("ADDRESS            MESSAGES  USED  QUOTA\ncarol@example.org  0         0     500MB\n", table);
        Assert.Equal(500_000_000, account.GetProperty("quotaBytes").GetInt64());
        Assert.Equal(JsonValueKind.Null, unlimited.GetProperty("quotaBytes").ValueKind);
    }

    [Fact]
    public async Task A_limit_of_messages_stays_until_another_is_named()
    {
        await DoneAsync("domain add example.org");
        await DoneAsync("account add carol@example.org");
        await DoneAsync("account quota carol@example.org none --messages 1000");

        var messages = (await DoneAsync("account list")).Output;
        await DoneAsync("account quota carol@example.org 5MB");
        var both = (await DoneAsync("account list")).Output;
        var account = Assert.Single((await DoneAsync("account list --json")).Json().EnumerateArray().ToArray());
        await DoneAsync("account quota carol@example.org 5MB --messages none");
        var unlimited = Assert.Single((await DoneAsync("account list --json")).Json().EnumerateArray().ToArray());

        Assert.EndsWith("0         0     1000 messages\n", messages, StringComparison.Ordinal);
        Assert.EndsWith("0         0     5MB, 1000 messages\n", both, StringComparison.Ordinal);
        Assert.Equal(1000, account.GetProperty("quotaMessages").GetInt64());
        Assert.Equal(JsonValueKind.Null, unlimited.GetProperty("quotaMessages").ValueKind);
    }

    [Fact]
    public async Task An_alias_gets_targets_and_loses_them()
    {
        await DoneAsync("domain add example.org");
        await DoneAsync("alias add info@example.org carol@example.org dave@crepes.fr");
        await DoneAsync("alias add *@example.org carol@example.org");

        var table = (await DoneAsync("alias list")).Output;
        await DoneAsync("alias remove info@example.org dave@crepes.fr");
        await DoneAsync("alias remove *@example.org");
        var left = Assert.Single((await DoneAsync("alias list --json")).Json().EnumerateArray().ToArray());

        Assert.Contains("info@example.org  carol@example.org, dave@crepes.fr\n", table, StringComparison.Ordinal);
        Assert.Contains("*@example.org     carol@example.org\n", table, StringComparison.Ordinal);
        Assert.Equal("info@example.org", left.GetProperty("alias").GetString());
        Assert.Equal("carol@example.org", left.GetProperty("targets")[0].GetString());
        Assert.Equal(1, left.GetProperty("targets").GetArrayLength());
    }

    [Fact]
    public async Task A_command_works_while_the_node_has_the_database_open()
    {
        await using var node = await OpenAsync();

        await DoneAsync("domain add example.org");

        Assert.Equal("example.org", Assert.Single(await node.Administration.ListDomainsAsync(default)).Text);
    }

    public void Dispose() => _folder.Dispose();

    private Task<MailStorage> OpenAsync() =>
        SqliteStorage.OpenAsync(new SqliteStorageOptions(_folder.Path), TimeProvider.System);

    private async Task<bool> LogsInAsync(string user, string password)
    {
        await using var storage = await OpenAsync();
        var credentials = await storage.Directory.FindCredentialsAsync(user, default);
        return credentials!.Verifier.Matches(password);
    }

    private async Task<CommandRun> DoneAsync(string line, string input = "")
    {
        var run = await RunAsync(line, input);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        return run;
    }

    private Task<CommandRun> RunAsync(string line, string input = "") =>
        CommandRun.OfAsync(_folder.Path, line.Split(' '), input);
}
