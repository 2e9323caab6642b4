using System.Text;
using MailCluster.EndToEnd.Tests.Fakes;

namespace MailCluster.EndToEnd.Tests.Notices;

/// <summary>
/// A client that asked for it hears at once what another one of its account does, without a command under way (RFC 5465),
/// and without a mailbox that it has selected.
/// </summary>
public sealed class NotifyOverTcp
{
    [Fact]
    public async Task Names_subscriptions_entries_and_messages_are_told_between_commands()
    {
        await using var node = await LiveNode.StartAsync();
        using var watcher = await LogInAsync(node);
        await RunAsync(
            watcher,
            "NOTIFY SET (personal (MessageNew MessageExpunge MailboxName SubscriptionChange MailboxMetadataChange"
            + " ServerMetadataChange))");
        using var other = await LogInAsync(node);

        await RunAsync(other, "CREATE Work");
        Assert.Equal(@"* LIST (\HasNoChildren) ""/"" ""Work""", await NextAsync(watcher));
        await RunAsync(other, "SUBSCRIBE Work");
        Assert.Equal(@"* LIST (\HasNoChildren \Subscribed) ""/"" ""Work""", await NextAsync(watcher));
        await RunAsync(other, "SETMETADATA Work (/private/comment \"x\")");
        Assert.Equal(@"* METADATA ""Work"" /private/comment", await NextAsync(watcher));
        await RunAsync(other, "SETMETADATA \"\" (/private/vendor/x/y \"x\")");
        Assert.Equal(@"* METADATA """" /private/vendor/x/y", await NextAsync(watcher));
        await RunAsync(other, "APPEND Work {14+}\r\nSubject: x\r\n\r\n");
        Assert.Equal(@"* STATUS ""Work"" (MESSAGES 1 UIDNEXT 2)", await NextAsync(watcher));
        await RunAsync(other, "RENAME Work Play");
        Assert.Equal(@"* LIST (\HasNoChildren) ""/"" ""Play"" (""OLDNAME"" (""Work""))", await NextAsync(watcher));
        await RunAsync(other, "DELETE Play");
        Assert.Equal(@"* LIST (\NonExistent \HasNoChildren) ""/"" ""Play""", await NextAsync(watcher));
    }

    [Fact]
    public async Task A_new_message_comes_with_what_was_asked_of_it_and_entries_to_who_enabled_them()
    {
        await using var node = await LiveNode.StartAsync();
        using var watcher = await LogInAsync(node);
        await RunAsync(watcher, "ENABLE METADATA");
        await RunAsync(watcher, "SELECT INBOX");
        using var other = await LogInAsync(node);
        await RunAsync(other, "SETMETADATA INBOX (/shared/comment \"x\")");
        Assert.Equal(@"* METADATA ""INBOX"" /shared/comment", Assert.Single(await RunAsync(watcher, "NOOP")));

        await RunAsync(watcher, "NOTIFY SET (selected (MessageNew (UID RFC822.SIZE) MessageExpunge FlagChange))");
        await RunAsync(other, "APPEND INBOX {14+}\r\nSubject: x\r\n\r\n");
        Assert.Equal("* 1 EXISTS", await NextAsync(watcher));
        Assert.Equal("* 1 FETCH (UID 1 RFC822.SIZE 14)", await NextAsync(watcher));
        await RunAsync(other, "SELECT INBOX");
        await RunAsync(other, @"STORE 1 +FLAGS (\Deleted)");
        Assert.Equal(@"* 1 FETCH (UID 1 FLAGS (\Deleted))", await NextAsync(watcher));
        await RunAsync(other, "EXPUNGE");
        Assert.Equal("* 1 EXPUNGE", await NextAsync(watcher));
    }

    private static async Task<LineClient> LogInAsync(LiveNode node)
    {
        var client = await LineClient.ConnectAsync(node["imap"]);
        await NextAsync(client);
        await RunAsync(client, "LOGIN bob@hamburger.edu pickles");
        return client;
    }

    /// <summary>What came before the tagged OK.</summary>
    private static async Task<List<string>> RunAsync(LineClient client, string command)
    {
        await client.WriteAsync(Encoding.ASCII.GetBytes($"t {command}\r\n"));
        var untagged = new List<string>();
        while (await NextAsync(client) is var line)
        {
            if (line.StartsWith("t ", StringComparison.Ordinal))
            {
                Assert.StartsWith("t OK", line, StringComparison.Ordinal);
                break;
            }

            untagged.Add(line);
        }

        return untagged;
    }

    private static async Task<string> NextAsync(LineClient client) =>
        await client.ReadLineAsync().OrSay(() => "a line of the server") ?? throw new InvalidOperationException("hung up");
}
