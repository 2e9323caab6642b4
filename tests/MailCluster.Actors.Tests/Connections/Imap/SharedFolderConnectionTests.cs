using System.Net;
using Akka.Actor;
using Akka.TestKit;
using MailCluster.Actors.Connections.Imap;
using MailCluster.Actors.Mailboxes;
using MailCluster.Actors.Tests.Fakes;
using MailCluster.Imap;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;
using MailCluster.Mail.Sasl;
using MailCluster.Storage;
using MailCluster.Storage.Search;
using MailCluster.Storage.Sqlite;

namespace MailCluster.Actors.Tests.Connections.Imap;

/// <summary>Bob's connection, whom Alice lets read her INBOX; the test plays their Mailboxes.</summary>
public sealed class SharedFolderConnectionTests : VirtualTimeKit, IAsyncLifetime
{
    private const string Box = "\"Other Users/alice@hamburger.edu/INBOX\"";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("mailcluster-shared").FullName;
    private readonly PipeTransport _transport = new();
    private readonly PeerDialog _client;
    private readonly TestProbe _region;
    private MailStorage? _storage;
    private IActorRef? _connection;
    private AccountId _alice;
    private AccountId _bob;

    public SharedFolderConnectionTests()
    {
        _client = new PeerDialog(_transport);
        _region = CreateTestProbe("region");
    }

    public async Task InitializeAsync()
    {
        _storage = await SqliteStorage.OpenAsync(new SqliteStorageOptions(_folder), Time);
        await _storage.Administration.AddDomainAsync(DomainName.Parse("hamburger.edu"), default);
        _alice = await AddAsync("alice");
        _bob = await AddAsync("bob");
        await _storage.Folders.ChangeAsAsync(
            _alice, _alice,
            new MailboxChange.SetRights(
                FolderName.Inbox, new AccessIdentifier(_bob, IsNegative: false), FlagsAction.Replace,
                FolderRights.Lookup | FolderRights.Read | FolderRights.KeepSeen),
            default);
        _connection = ChildActorOf(ImapConnectionActor.Props(
            _transport,
            new ImapPeer(IPAddress.Loopback, 40000, IsSecure: false, SessionId.New()),
            new ImapOptions { Hostname = DomainName.Parse("mail.hamburger.edu"), PlaintextAllowed = true },
            new ImapConnectionServices(
                _storage.Directory, _storage.FolderReader,
                new StructureCache(_storage.Spool, _storage.FolderReader, _storage.Folders),
                new TextSearch(_storage.Texts, _storage.FolderReader, _storage.Spool), _storage.Spool, _region,
                Partitions: 2, Time, Patience, Patience, Patience, TimeSpan.FromSeconds(3))));
        await ReadToAsync("* OK ");
        await _client.SendAsync("a LOGIN bob@hamburger.edu secret\r\n");
        await ReadToAsync("a OK ");
    }

    public async Task DisposeAsync()
    {
        Shutdown();
        await _storage!.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task The_owners_mailbox_is_watched_while_its_folder_is_open()
    {
        await OpenAsync(Box, _alice);
        await _client.SendAsync("a SELECT INBOX\r\n");
        Assert.Equal(_alice, (await _region.ExpectMsgAsync<UnwatchMailbox>()).Account);
        await WatchedAsync(_bob);
        await ReadToAsync("a OK ");
        await OpenAsync(Box, _alice); // one's own goes on

        var late = CreateTestProbe("late");
        _connection!.Tell(new MailboxWatched(new AccountId(4711)), late);
        Assert.Equal(new AccountId(4711), (await late.ExpectMsgAsync<UnwatchMailbox>()).Account);
    }

    [Fact]
    public async Task What_came_while_the_owners_mailbox_moved_is_told()
    {
        var mailbox = await OpenAsync(Box, _alice);
        await _client.SendAsync("a IDLE\r\n");
        await ReadToAsync("+ ");
        Sys.Stop(mailbox);
        await _storage!.Folders.AppendAsync(
            _alice, FolderName.Inbox,
            [new AppendEntry(QueueId.New(0, Time.GetUtcNow()).Body, 10, "", MessageFlags.None, [], Time.GetUtcNow())], default);
        await WatchedAsync(_alice);
        await ReadToAsync("* 1 EXISTS");
    }

    [Fact]
    public async Task A_change_goes_to_the_owners_mailbox_with_who_asks_for_it()
    {
        await _storage!.Folders.AppendAsync(
            _alice, FolderName.Inbox,
            [new AppendEntry(QueueId.New(0, Time.GetUtcNow()).Body, 10, "", MessageFlags.None, [], Time.GetUtcNow())], default);
        await OpenAsync(Box, _alice);
        await _client.SendAsync("a STORE 1 +FLAGS (\\Seen)\r\n");
        var store = await _region.ExpectMsgAsync<ChangeMailboxAs>();
        Assert.Equal((_alice, _bob), (store.Account, store.AskedBy));
        Assert.IsType<MailboxChange.StoreFlags>(store.Change);
        _connection!.Tell(new MailboxChanged(store.Request, new FlagsResult(FolderOutcome.NoRight, 0, [], UidSet.Empty)));
        await ReadToAsync("a NO [NOPERM] ");

        await _client.SendAsync("a SETACL INBOX alice@hamburger.edu l\r\n");
        var set = await _region.ExpectMsgAsync<ChangeMailboxAs>();
        Assert.Equal((_bob, _bob), (set.Account, set.AskedBy));
        _connection.Tell(new MailboxChanged(set.Request, new FolderChange(FolderOutcome.Done)));
        await ReadToAsync("a OK ");
        await _client.SendAsync("a CREATE Mine\r\n");
        await WatchedAsync(_bob);
        Assert.Equal(_bob, (await _region.ExpectMsgAsync<ChangeMailbox>()).Account);
    }

    private Task<AccountId> AddAsync(string user) => _storage!.Administration.AddAccountAsync(
        MailAddress.Parse($"{user}@hamburger.edu"), ScramVerifier.Create("secret"), null, default);

    /// <summary>Opens the folder when its owner's Mailbox tells of changes; returns that.</summary>
    private async Task<IActorRef> OpenAsync(string name, AccountId owner)
    {
        await _client.SendAsync($"a SELECT {name}\r\n");
        var mailbox = await WatchedAsync(owner);
        await ReadToAsync("a OK ");
        return mailbox;
    }

    private async Task<IActorRef> WatchedAsync(AccountId owner)
    {
        Assert.Equal(owner, (await _region.ExpectMsgAsync<WatchMailbox>()).Account);
        var mailbox = CreateTestProbe();
        _connection!.Tell(new MailboxWatched(owner), mailbox);
        return mailbox;
    }

    private async Task ReadToAsync(string prefix)
    {
        while (!(await _client.ReadLineAsync(prefix)).StartsWith(prefix, StringComparison.Ordinal))
        {
        }
    }
}
