using System.Net;
using System.Text;
using MailCluster.Actors.Connections.Imap;
using MailCluster.Actors.Tests.Fakes;
using MailCluster.Imap;
using MailCluster.Mail.Identity;
using MailCluster.Storage.Search;

namespace MailCluster.Actors.Tests.Nodes;

/// <summary>
/// Alice shares a folder with Bob. Both Mailboxes are on one node, Bob is connected to the other: all that he asks for,
/// and all that he is told, crosses the wire.
/// </summary>
public sealed class SharedFoldersBetweenNodesTests(SharedFolderNodes nodes) : IClassFixture<SharedFolderNodes>
{
    private const string Box = "\"Other Users/alice@hamburger.edu/Box\"";

    private const string Case = "\"Other Users/alice@hamburger.edu/Case\"";

    private const string Message = "Subject: One\r\n\r\nHello.\r\n";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Each_hears_of_the_others_changes_and_rights_that_are_taken_away_are_gone_at_once()
    {
        var alice = await LogInAsync(nodes.Mailboxes, "alice");
        var bob = await LogInAsync(nodes.Other, "bob");
        await DoAsync(alice, "CREATE Box");
        await DoAsync(alice, $"APPEND Box {{{Message.Length}+}}\r\n{Message}");
        await DoAsync(alice, "SELECT Box");
        Assert.Contains("a NO [NONEXISTENT]", await AskAsync(bob, $"SELECT {Box}"), StringComparison.Ordinal);
        await DoAsync(alice, "SETACL Box bob@hamburger.edu lrs");
        Assert.Contains("* 1 EXISTS", await DoAsync(bob, $"SELECT {Box}"), StringComparison.Ordinal);

        await bob.SendAsync("a IDLE\r\n");
        await ReadToAsync(bob, "+ ");
        await DoAsync(alice, "STORE 1 +FLAGS (\\Flagged)");
        await ReadToAsync(bob, "* 1 FETCH (FLAGS (\\Flagged))");
        await DoAsync(bob, "DONE", tag: "");

        await alice.SendAsync("a IDLE\r\n");
        await ReadToAsync(alice, "+ ");
        await DoAsync(bob, "STORE 1 +FLAGS (\\Seen)");
        await ReadToAsync(alice, "* 1 FETCH (FLAGS (\\Flagged \\Seen))");
        await DoAsync(alice, "DONE", tag: "");

        await DoAsync(alice, "SETACL Box bob@hamburger.edu lr");
        Assert.Contains("a NO [NOPERM]", await AskAsync(bob, "STORE 1 -FLAGS (\\Seen)"), StringComparison.Ordinal);
        Assert.Contains("(\\Flagged \\Seen)", await DoAsync(alice, "FETCH 1 FLAGS"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_is_copied_and_moved_between_accounts()
    {
        var alice = await LogInAsync(nodes.Mailboxes, "alice");
        var bob = await LogInAsync(nodes.Other, "bob");
        await DoAsync(alice, "CREATE Case");
        await DoAsync(alice, $"APPEND Case (\\Flagged) {{{Message.Length}+}}\r\n{Message}");
        await DoAsync(alice, "SETACL Case bob@hamburger.edu lrswite");
        await DoAsync(alice, "SELECT Case");
        await DoAsync(bob, $"SELECT {Case}");
        Assert.Contains("a OK [COPYUID", await DoAsync(bob, "UID COPY 1 Archive"), StringComparison.Ordinal);
        var moved = await DoAsync(bob, "UID MOVE 1 INBOX");
        Assert.Contains("* OK [COPYUID", moved, StringComparison.Ordinal);
        Assert.Contains("* 1 EXPUNGE", moved, StringComparison.Ordinal);
        Assert.Contains("* 1 EXPUNGE", await DoAsync(alice, "NOOP"), StringComparison.Ordinal);

        await DoAsync(bob, "SELECT INBOX");
        Assert.Contains("Hello.", await DoAsync(bob, "FETCH 1 BODY[TEXT]"), StringComparison.Ordinal);
        await DoAsync(bob, $"APPEND {Case} {{{Message.Length}+}}\r\n{Message}");
        Assert.Contains("a OK [COPYUID", await DoAsync(bob, $"COPY 1 {Case}"), StringComparison.Ordinal);
        Assert.Contains("* 2 EXISTS", await DoAsync(alice, "NOOP"), StringComparison.Ordinal);
    }

    private async Task<PeerDialog> LogInAsync(ClusterNode node, string user)
    {
        var transport = new PipeTransport();
        var storage = nodes.Storage;
        node.System.ActorOf(ImapConnectionActor.Props(
            transport,
            new ImapPeer(IPAddress.Loopback, 40000, IsSecure: false, SessionId.New()),
            new ImapOptions { Hostname = SharedStores.Own, PlaintextAllowed = true },
            new ImapConnectionServices(
                storage.Directory, storage.FolderReader,
                new StructureCache(storage.Spool, storage.FolderReader, storage.Folders),
                new TextSearch(storage.Texts, storage.FolderReader, storage.Spool), storage.Spool, node.Mailboxes,
                ClusterNode.Partitions, TimeProvider.System, TimeSpan.FromMinutes(30), Patience, Patience,
                TimeSpan.FromSeconds(3))));
        var client = new PeerDialog(transport);
        await ReadToAsync(client, "* OK ");
        await DoAsync(client, $"LOGIN {user}@hamburger.edu secret");
        return client;
    }

    /// <summary>All that is answered to a command that succeeds.</summary>
    private static async Task<string> DoAsync(PeerDialog client, string command, string tag = "a ")
    {
        var answer = await AskAsync(client, command, tag);
        Assert.Contains("a OK ", answer, StringComparison.Ordinal);
        return answer;
    }

    private static async Task<string> AskAsync(PeerDialog client, string command, string tag = "a ")
    {
        await client.SendAsync($"{tag}{command}\r\n");
        return await ReadToAsync(client, "a ");
    }

    /// <summary>All lines up to one that begins like this.</summary>
    private static async Task<string> ReadToAsync(PeerDialog client, string prefix)
    {
        var lines = new StringBuilder();
        string line;
        do
        {
            line = await client.ReadLineAsync(prefix);
            lines.AppendLine(line);
        }
        while (!line.StartsWith(prefix, StringComparison.Ordinal));
        return lines.ToString();
    }
}
