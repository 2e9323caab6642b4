using System.Net;
using Akka.Actor;
using Akka.TestKit;
using MailCluster.Actors.Connections.Compression;
using MailCluster.Actors.Connections.Imap;
using MailCluster.Actors.Mailboxes;
using MailCluster.Actors.Tests.Fakes;
using MailCluster.Imap;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;
using MailCluster.Storage.Search;

namespace MailCluster.Actors.Tests.Connections.Imap;

/// <summary>One IMAP client, played by the test, which plays the Mailbox actors, too.</summary>
public abstract class ImapConnectionKit : VirtualTimeKit
{
    protected static readonly TimeSpan IdleTimeout = TimeSpan.FromMinutes(30);
    protected static readonly TimeSpan LoginTimeout = TimeSpan.FromMinutes(2);
    protected static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(30);
    protected static readonly TimeSpan AskRetry = TimeSpan.FromSeconds(3);

    protected ImapConnectionKit()
    {
        Client = new PeerDialog(Transport);
        Mailbox = CreateTestProbe("mailbox");
        Incarnation = CreateTestProbe("incarnation");
    }

    private protected PipeTransport Transport { get; } = new();

    private protected PeerDialog Client { get; }

    private protected MemorySpool Spool { get; } = new();

    private protected SmallDirectory Directory { get; } = new();

    protected CompressionSlots Compression { get; } = new(1);

    private protected SmallFolders Folders { get; } = new();

    /// <summary>Where what is said to Mailbox actors arrives, wherever they are.</summary>
    protected TestProbe Mailbox { get; }

    /// <summary>The Mailbox actor that the client's changes come from.</summary>
    protected TestProbe Incarnation { get; }

    protected IActorRef Begin() => ChildActorOf(ImapConnectionActor.Props(
        Transport,
        new ImapPeer(IPAddress.Loopback, 40000, IsSecure: false, SessionId.New()),
        new ImapOptions { Hostname = DomainName.Parse("mail.hamburger.edu"), TlsAvailable = true, PlaintextAllowed = true },
        new ImapConnectionServices(
            Directory, Folders, new StructureCache(Spool, Folders, new ScriptedFolders()),
            new TextSearch(new NoTextIndex(), Folders, Spool), Spool, Mailbox, Partitions: 1, Time,
            IdleTimeout, LoginTimeout, AskTimeout, AskRetry)
        {
            Compression = Compression,
        }));

    protected async Task<IActorRef> BeginGreetedAsync()
    {
        var connection = Begin();
        await Client.ExpectAsync("* OK ");
        return connection;
    }

    protected async Task<IActorRef> BeginLoggedInAsync()
    {
        var connection = await BeginGreetedAsync();
        await SayAsync("a LOGIN chris@hamburger.edu secret", "a OK ");
        return connection;
    }

    /// <summary>With the INBOX selected, and watched.</summary>
    protected async Task<IActorRef> BeginSelectedAsync()
    {
        var connection = await BeginLoggedInAsync();
        await Client.SendAsync("s SELECT INBOX\r\n");
        await AnswerWatchAsync(connection);
        await ExpectTaggedAsync("s OK ");
        return connection;
    }

    /// <summary>The same, and in IDLE.</summary>
    protected async Task<IActorRef> BeginIdlingAsync()
    {
        var connection = await BeginSelectedAsync();
        await SayAsync("i IDLE", "+ idling");
        await SettleAsync(connection);
        return connection;
    }

    protected static AccountId Chris => SmallDirectory.IdOf("chris");

    protected async Task ExpectWatchAsync() =>
        Assert.Equal(new WatchMailbox(Chris), await Mailbox.ExpectMsgAsync<WatchMailbox>());

    protected async Task AnswerWatchAsync(IActorRef connection)
    {
        await ExpectWatchAsync();
        connection.Tell(new MailboxWatched(Chris), Incarnation);
    }

    protected async Task SayAsync(string command, string reply)
    {
        await Client.SendAsync($"{command}\r\n");
        await Client.ExpectAsync(reply);
    }

    /// <summary>Skips untagged responses; returns how many lines they were.</summary>
    protected async Task<int> ExpectTaggedAsync(string prefix)
    {
        for (var skipped = 0; ; skipped++)
        {
            var line = await Client.ReadLineAsync(prefix);
            if (!line.StartsWith("* ", StringComparison.Ordinal))
            {
                Assert.StartsWith(prefix, line, StringComparison.Ordinal);
                return skipped;
            }
        }
    }

    /// <summary>Puts a message into the INBOX, and tells nobody.</summary>
    protected long Deliver(string content)
    {
        var body = QueueId.New(0, Time.GetUtcNow()).Body;
        Spool.Put(body, content);
        return Folders.Add(body, content.Length);
    }

    /// <summary>The same, and tells who watches.</summary>
    protected void DeliverAndTell(IActorRef connection, string content) =>
        connection.Tell(new MailboxNotice(Chris, SmallFolders.InboxId, Deliver(content)), Mailbox);

    /// <summary>The connection says nothing more, and ends.</summary>
    protected async Task ExpectClosedAsync(IActorRef connection)
    {
        Watch(connection);
        await ExpectTerminatedAsync(connection);
        Assert.Equal("", await Client.ReadToEndAsync());
    }

    private sealed class NoTextIndex : ITextIndex
    {
        public Task WriteAsync(IReadOnlyList<IndexedText> texts, CancellationToken cancellation) => Task.CompletedTask;

        public Task<TextMatches> FindAsync(
            FolderId folder, UidSet uids, Mail.Search.TextCriterion criterion, CancellationToken cancellation) =>
            Task.FromResult(new TextMatches(UidSet.Empty, uids));

        public Task<UnindexedBodies> ListNotIndexedAsync(BodyId after, int limit, CancellationToken cancellation) =>
            Task.FromResult(new UnindexedBodies([], null));

        public Task<TextIndexKind> GetKindAsync(CancellationToken cancellation) => Task.FromResult(TextIndexKind.None);
    }
}
