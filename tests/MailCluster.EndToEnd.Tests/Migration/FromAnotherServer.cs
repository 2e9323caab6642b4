using MailCluster.EndToEnd.Tests.Fakes;
using MailCluster.Node.Tests.Commands;
using MailCluster.Node.Tests.Fakes;
using MailCluster.Smtp.Tests.Server;
using MailKit;

namespace MailCluster.EndToEnd.Tests.Migration;

public sealed class FromAnotherServer : IDisposable
{
    private static readonly DateTimeOffset Then = new(2023, 4, 5, 6, 7, 8, TimeSpan.FromHours(2));

    private readonly TemporaryFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Folders_messages_flags_dates_and_subscriptions_come_and_nothing_changes_there()
    {
        await using var theirs = await LiveNode.StartAsync();
        await using var ours = await LiveNode.StartOnAsync(_data.Path);
        using (var client = await theirs.OpenImapAsync("alice"))
        {
            var root = client.GetFolder(client.PersonalNamespaces[0]);
            var work = (await root.CreateAsync("Work", isMessageFolder: true))!;
            await (await work.CreateAsync("\u00c9t\u00e9 & more", isMessageFolder: true))!.SubscribeAsync();
            await (await client.GetFolderAsync("Junk")).DeleteAsync();
            await root.CreateAsync("Spam", SpecialFolder.Junk);
        }

        await theirs.AppendAsync("alice", "INBOX", Message("one"), MessageFlags.None, Then);
        await theirs.AppendAsync("alice", "INBOX", Message("two"), MessageFlags.Seen | MessageFlags.Deleted, Then, "Project");
        await theirs.AppendAsync("alice", "Work/\u00c9t\u00e9 & more", Message("three"), MessageFlags.Flagged, Then);
        await theirs.AppendAsync("alice", "Spam", Message("four"), MessageFlags.None, Then);
        var before = await theirs.ReadFolderAsync("alice", "INBOX");

        var run = await RunAsync(theirs, ours);

        Assert.True(run.ExitCode == 0, run.Error);
        foreach (var folder in (string[])["INBOX", "Work/\u00c9t\u00e9 & more"])
        {
            Assert.Equal(await theirs.ReadFolderAsync("alice", folder), await ours.ReadFolderAsync("bob", folder));
        }

        Assert.Single(await ours.ReadFolderAsync("bob", "Junk")); // the same use under another name
        Assert.Equal(before, await theirs.ReadFolderAsync("alice", "INBOX"));
        using (var client = await ours.OpenImapAsync("bob"))
        {
            var subscribed = await client.GetFoldersAsync(client.PersonalNamespaces[0], StatusItems.None, subscribedOnly: true);
            Assert.Contains("Work/\u00c9t\u00e9 & more", subscribed.Select(folder => folder.FullName));
            Assert.DoesNotContain("Work", subscribed.Select(folder => folder.FullName));
        }

        var again = await RunAsync(theirs, ours);
        Assert.Matches(@"(?m)^INBOX +0 +2 +0 +0 +0 +0$", again.Output);
        Assert.Equal(2, (await ours.ReadFolderAsync("bob", "INBOX")).Count);
    }

    [Fact]
    public async Task A_large_message_comes_in_slices()
    {
        await using var theirs = await LiveNode.StartAsync();
        await using var ours = await LiveNode.StartOnAsync(_data.Path);
        var lines = string.Concat(Enumerable.Range(0, 130_000).Select(i => $"line {i} of a message that is long enough for slices\r\n"));
        await theirs.AppendAsync("alice", "INBOX", Message("large") + lines, MessageFlags.None, Then);

        var run = await RunAsync(theirs, ours);

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(
            Assert.Single(await theirs.ReadFolderAsync("alice", "INBOX")), Assert.Single(await ours.ReadFolderAsync("bob", "INBOX")));
    }

    [Fact]
    public async Task A_wrong_password_is_told()
    {
        await using var theirs = await LiveNode.StartAsync();
        await using var ours = await LiveNode.StartOnAsync(_data.Path);
        var run = await RunAsync(theirs, ours, "wrong");
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("mailcluster: 127.0.0.1: ", run.Error, StringComparison.Ordinal);
    }

    private static string Message(string subject) => $"Subject: {subject}\r\nFrom: <alice@crepes.fr>\r\n\r\nHello {subject}\r\n";

    private Task<CommandRun> RunAsync(LiveNode theirs, LiveNode ours, string? password = null) => CommandRun.OfAsync(
        _data.Path,
        [
            "account", "import", "imap", "bob@hamburger.edu", "--host", "127.0.0.1", "--port", $"{theirs["imap"].Port}",
            "--tls", "none", "--user", "alice@hamburger.edu",
            "--password-file", _data.Write("secret", password ?? DialogText.Passwords["alice"]),
            "--set", $"Http:Port={ours["http"].Port}",
        ]);
}
