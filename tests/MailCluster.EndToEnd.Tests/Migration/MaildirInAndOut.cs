using System.Text;
using MailCluster.EndToEnd.Tests.Fakes;
using MailCluster.Mail.Addresses;
using MailCluster.Node.Tests.Commands;
using MailCluster.Node.Tests.Fakes;

namespace MailCluster.EndToEnd.Tests.Migration;

public sealed class MaildirInAndOut : IDisposable
{
    private const string Bob = "bob@hamburger.edu";
    private const string Alice = "alice@hamburger.edu";

    private static readonly DateTime Monday = new(2024, 2, 5, 10, 20, 30, DateTimeKind.Utc);

    private readonly TemporaryFolder _data = new();
    private readonly TemporaryFolder _mail = new();

    public void Dispose()
    {
        _data.Dispose();
        _mail.Dispose();
    }

    [Fact]
    public async Task What_goes_in_comes_out_with_the_same_octets_flags_and_dates()
    {
        Put("", "cur", "1700000001.1_1.host,S=1:2,RS", "Subject: one\n\nGr\u00fc\u00dfe\nFrom here\n.\n");
        Put("", "new", "1700000002.1_2.host", "Subject: two\n\nno line end");
        Put(".Sent", "cur", "1700000003.1_3.host:2,DFPST", "Subject: three\n\n\0\x01\n");
        Put(".Work.&AMk-t&AOk-", "cur", "1700000004.1_4.host:2,Sab", "Subject: four\n\n");
        Put(".Work.&AMk-t&AOk-", "cur", "1700000005.1_5.host:2,", "Subject: with a CR\n\na\rb\r\r\nc\n");
        File.WriteAllText(Path.Combine(_mail.Path, "in", ".Work.&AMk-t&AOk-", "dovecot-keywords"), "0 Project\n1 $Junk\n");
        await using var node = await LiveNode.StartOnAsync(_data.Path);

        var imported = await RunAsync(node, "import", "maildir", Mail("in"), Bob);
        Assert.True(imported.ExitCode == 0, imported.Error);
        var inbox = await node.ReadFolderAsync("bob", "INBOX");
        Assert.Equal(
            ["Subject: one\r\n\r\nGr\u00fc\u00dfe\r\nFrom here\r\n.\r\n", "Subject: two\r\n\r\nno line end"],
            inbox.Select(message => message.Octets));
        Assert.All(inbox, message => Assert.Equal(Monday, message.Date.UtcDateTime));
        Assert.Equal(["Seen, Answered", "None"], inbox.Select(message => message.Flags));
        var work = await node.ReadFolderAsync("bob", "Work/\u00c9t\u00e9");
        Assert.Equal(["$Junk Project Seen", "None"], work.Select(message => message.Flags));

        var exported = await RunAsync(node, "export", "maildir", Bob, Mail("out"));
        Assert.True(exported.ExitCode == 0, exported.Error);
        Assert.Equal(Files("in"), Files("out"));
        Assert.True(File.Exists(Path.Combine(Mail("out"), ".Sent", "maildirfolder")));
        Assert.All(
            Directory.EnumerateFiles(Mail("out"), "*.mailcluster,*", SearchOption.AllDirectories),
            file => Assert.Contains($",S={new FileInfo(file).Length},W=", file, StringComparison.Ordinal));

        var again = await RunAsync(node, "import", "maildir", Mail("out"), Alice);
        Assert.True(again.ExitCode == 0, again.Error);
        foreach (var folder in (string[])["INBOX", "Sent", "Work/\u00c9t\u00e9"])
        {
            Assert.Equal(await node.ReadFolderAsync("bob", folder), await node.ReadFolderAsync("alice", folder));
        }
    }

    [Fact]
    public async Task Both_may_be_run_again_and_bring_what_is_new()
    {
        Put("", "cur", "1.host:2,", "Subject: one\n\n1\n");
        await using var node = await LiveNode.StartOnAsync(_data.Path);
        await RunAsync(node, "import", "maildir", Mail("in"), Bob);
        await RunAsync(node, "export", "maildir", Bob, Mail("out"));
        File.Move(Path.Combine(Mail("in"), "cur", "1.host:2,"), Path.Combine(Mail("in"), "cur", "1.host:2,S"));
        Put("", "new", "2.host", "Subject: two\n\n2\n");

        var imported = await RunAsync(node, "import", "maildir", Mail("in"), Bob);
        Assert.Matches(@"(?m)^INBOX +1 +1 +0 +0 +0 +0$", imported.Output);
        Assert.Equal(2, (await node.ReadFolderAsync("bob", "INBOX")).Count);
        using (var client = await node.OpenImapAsync("bob"))
        {
            await client.Inbox.OpenAsync(MailKit.FolderAccess.ReadWrite);
            await client.Inbox.StoreAsync(0, new MailKit.StoreFlagsRequest(MailKit.StoreAction.Add, MailKit.MessageFlags.Flagged));
        }

        var exported = await RunAsync(node, "export", "maildir", Bob, Mail("out"));
        Assert.Matches(@"(?m)^INBOX +1 +1 +0 +0 +0 +0$", exported.Output);
        string[] infos = [.. Directory.EnumerateFiles(Path.Combine(Mail("out"), "cur"))
            .Select(file => file[file.LastIndexOf(':')..]).Order(StringComparer.Ordinal)];
        Assert.Equal([":2,", ":2,F"], infos);
    }

    [Fact]
    public async Task What_cannot_be_brought_is_told_and_the_exit_code_says_so()
    {
        Put("", "cur", "1.host:2,", "Subject: fits\n\n" + new string('x', 500));
        Put("", "cur", "2.host:2,", "Subject: too large\n\n" + string.Concat(Enumerable.Repeat("\n", 900)));
        Put("", "cur", "3.host:2,", "Subject: over quota\n\n" + new string('x', 500));
        Put("", "cur", "4.host:2,", "");
        await using var node = await LiveNode.StartOnAsync(_data.Path, "Imap:MaxMessageSize=1KB");
        await node.Directory.SetQuotaAsync(MailAddress.Parse(Bob), 800, CancellationToken.None);

        var run = await RunAsync(node, "import", "maildir", Mail("in"), Bob);

        Assert.Equal(1, run.ExitCode);
        Assert.Matches(@"(?m)^INBOX +1 +0 +1 +1 +1 +0$", run.Output);
        Assert.Contains("cur/2.host:2,: is too large", run.Error, StringComparison.Ordinal);
        Assert.Contains("cur/3.host:2,: does not fit", run.Error, StringComparison.Ordinal);
        Assert.Contains("cur/4.host:2,: is empty", run.Error, StringComparison.Ordinal);
        var nobody = await RunAsync(node, "import", "maildir", Mail("in"), "nobody@hamburger.edu");
        Assert.Equal((1, "mailcluster: there is no account nobody@hamburger.edu"), (nobody.ExitCode, nobody.Error.Trim()));
    }

    private string Mail(string name) => Path.Combine(_mail.Path, name);

    private void Put(string folder, string part, string name, string octets)
    {
        var directory = Path.Combine(_mail.Path, "in", folder, part);
        Directory.CreateDirectory(directory);
        var file = Path.Combine(directory, name);
        File.WriteAllBytes(file, Encoding.Latin1.GetBytes(octets));
        File.SetLastWriteTimeUtc(file, Monday);
    }

    /// <summary>Folder, content, letters of flags and date of each message, whatever their names.</summary>
    private string[] Files(string name) =>
    [
        .. Directory.EnumerateFiles(Mail(name), "*", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(Path.GetDirectoryName(file)) is "cur" or "new")
            .Select(file => $"{Path.GetRelativePath(Mail(name), Path.GetDirectoryName(Path.GetDirectoryName(file))!)}"
                + $" {Content(file)} {Letters(file)} {File.GetLastWriteTimeUtc(file):s}")
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>One with a CR within a line keeps CRLF: else it could not be read back.</summary>
    private static string Content(string file)
    {
        var text = Encoding.Latin1.GetString(File.ReadAllBytes(file));
        return text.Contains("with a CR", StringComparison.Ordinal)
            ? text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\r\n", "\n", StringComparison.Ordinal)
            : text;
    }

    private static string Letters(string file) =>
        file.Contains(":2,", StringComparison.Ordinal) ? string.Concat(file[(file.LastIndexOf(',') + 1)..].Order()) : "";

    private Task<CommandRun> RunAsync(LiveNode node, params string[] args) => CommandRun.OfAsync(
        _data.Path, ["account", .. args, "--set", $"Http:Port={node["http"].Port}"]);
}
