using CsCheck;
using MailCluster.Imap;
using MailCluster.Imap.Sessions;
using MailCluster.ImapPlay;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;
using MailCluster.Mail.Sasl;
using MailCluster.Storage.Tests.Contract;

namespace MailCluster.Storage.Tests.Sqlite;

/// <summary>
/// The plays of several IMAP clients on the real store: what it answers must be what the model says, as it must be in the
/// tests of the sessions for the mailbox in memory.
/// </summary>
public sealed class StoredPlays : IAsyncLifetime
{
    private static readonly DomainName Home = DomainName.Parse("hamburger.edu");

    private readonly ManualTime _time = new();
    private SqliteTestStorage? _storage;
    private int _accounts;

    public async Task InitializeAsync()
    {
        _storage = await SqliteTestStorage.OpenAsync(_time);
        await _storage.Administration.AddDomainAsync(Home, default);
    }

    public async Task DisposeAsync() => await _storage!.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Clients_know_the_stored_mailbox_from_what_they_were_told(bool interleaves) => Plays.All.Sample(
        play => new Play(NewMailbox(), _time, play.Kinds, play.Seed, interleaves, failures: 0).Run(play.Deeds),
        iter: 40,
        threads: 1,
        print: Plays.Print);

    private SqlPlayedStore NewMailbox() => new(_storage!, _storage!.Administration.AddAccountAsync(
        MailAddress.Parse($"bob{++_accounts}@{Home}"), Verifier, null, default).GetAwaiter().GetResult());

    private static readonly ScramVerifier Verifier = ScramVerifier.Create("secret");

    /// <summary>One account, whose changes come one at a time, as its Mailbox has it.</summary>
    private sealed class SqlPlayedStore(SqliteTestStorage storage, AccountId account) : IPlayedStore
    {
        public AppendResult Deliver(MailboxChange.Append message) => (AppendResult)Await(ApplyAsync(message));

        public EffectAnswer Answer(SessionEffect effect) => effect switch
        {
            SessionEffect.CheckPassword => new EffectAnswer.PasswordChecked(new LoginAccount(account, "bob@hamburger.edu")),
            SessionEffect.FindFolder e => new EffectAnswer.Found(
                Await(storage.FolderReader.FindFolderAsync(account, e.Name, default))),
            SessionEffect.OpenFolder e => new EffectAnswer.Opened(
                Await(storage.FolderReader.OpenFolderAsync(account, e.Name, default))),
            SessionEffect.ReadNews e => new EffectAnswer.News(
                Await(storage.FolderReader.ReadNewsAsync(e.Folder, e.Since, default))),
            SessionEffect.Fetch e => new EffectAnswer.Messages(
                Await(storage.FolderReader.FetchAsync(e.Folder, e.Uids, e.Columns, e.After, e.Limit, default))),
            SessionEffect.FindUids e => new EffectAnswer.Uids(
                Await(storage.FolderReader.FindUidsAsync(e.Folder, e.Criteria, default))),
            SessionEffect.ReadExpunged e => new EffectAnswer.Expunged(
                Await(storage.FolderReader.ExpungedSinceAsync(e.Folder, e.Since, default))),
            SessionEffect.ReadSlices e => new EffectAnswer.Slices(
                [.. e.Slices.Select(_ => (ReadOnlyMemory<byte>?)Array.Empty<byte>())]),
            SessionEffect.EndBody => new EffectAnswer.BodyStored(new BodyId((UInt128)4711), 1),
            SessionEffect.Change e => new EffectAnswer.Changed(Await(ApplyAsync(e.What))),
            _ => EffectAnswer.Done.Instance,
        };

        private async Task<ChangeResult> ApplyAsync(MailboxChange change) => change switch
        {
            MailboxChange.Append c => await storage.Folders.AppendAsync(account, c.Folder, c.Entries, default),
            MailboxChange.StoreFlags c => await storage.Folders.StoreFlagsAsync(account, c.Folder, c.Uids, c.Change, default),
            MailboxChange.Copy c => await storage.Folders.CopyAsync(account, c.From, c.Uids, c.To, default),
            MailboxChange.Move c => await storage.Folders.MoveAsync(account, c.From, c.Uids, c.To, default),
            MailboxChange.Expunge c => await storage.Folders.ExpungeAsync(account, c.Folder, c.Uids, default),
            _ => throw new NotSupportedException(change.GetType().Name),
        };

        private static T Await<T>(Task<T> task) => task.GetAwaiter().GetResult();
    }
}
