using System.Collections.Immutable;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;
using MailCluster.Mail.Sasl;
using MailCluster.Storage.Directory;
using MailCluster.Storage.Mailboxes;
using MailCluster.Storage.Spool;

namespace MailCluster.Storage.Tests.Contract;

/// <summary>What every implementation of the store is asked; each derived class brings one.</summary>
public abstract class StorageContract : IAsyncLifetime
{
    protected static readonly ScramVerifier Verifier = ScramVerifier.Create("secret");

    protected static readonly DomainName Home = DomainName.Parse("hamburger.edu");

    private ITestStorage? _storage;

    protected ManualTime Time { get; } = new();

    protected ITestStorage Storage => _storage!;

    protected ISpool Spool => Storage.Spool;

    protected IMailboxStore Mailboxes => Storage.Mailboxes;

    protected IFolderStore Folders => Storage.Folders;

    protected IFolderReader Reader => Storage.FolderReader;

    protected IDirectory Directory => Storage.Directory;

    protected IDirectoryAdministration Administration => Storage.Administration;

    public async Task InitializeAsync() => _storage = await OpenAsync(Time);

    public async Task DisposeAsync()
    {
        if (_storage is not null)
        {
            await _storage.DisposeAsync();
        }
    }

    protected abstract Task<ITestStorage> OpenAsync(TimeProvider time);

    protected BodyId NewBody(int partition = 0) => QueueId.New(partition, Time.GetUtcNow()).Body;

    protected async Task<BodyId> SpoolAsync(ReadOnlyMemory<byte> octets, int partition = 0)
    {
        var id = NewBody(partition);
        await SpoolAsync(id, octets);
        return id;
    }

    protected async Task SpoolAsync(BodyId id, ReadOnlyMemory<byte> octets)
    {
        await using var writer = Spool.Create(id);
        await writer.WriteAsync(octets, default);
        await writer.CommitAsync(default);
    }

    /// <summary>All octets of the body, or null where there is none.</summary>
    protected Task<byte[]?> ReadAsync(BodyId id) => ReadAsync(Spool, id);

    protected static async Task<byte[]?> ReadAsync(ISpool spool, BodyId id)
    {
        await using var reader = await spool.OpenAsync(id, default);
        return reader is null ? null : await ReadAsync(reader);
    }

    /// <summary>All that the reader gives.</summary>
    protected static async Task<byte[]> ReadAsync(ISpoolReader reader)
    {
        var octets = new List<byte>();
        for (var chunk = await reader.ReadAsync(default); !chunk.IsEmpty; chunk = await reader.ReadAsync(default))
        {
            octets.AddRange(chunk.Span);
        }

        Assert.Equal(reader.Length, octets.Count);
        return [.. octets];
    }

    protected async Task<AccountId> AddAccountAsync(string address, long? quotaBytes = null)
    {
        var parsed = MailAddress.Parse(address);
        if (!(await Administration.ListDomainsAsync(default)).Contains(parsed.Domain))
        {
            await Administration.AddDomainAsync(parsed.Domain, default);
        }

        return await Administration.AddAccountAsync(parsed, Verifier, quotaBytes, default);
    }

    protected Task AddAliasAsync(string source, params string[] targets) => Administration.AddAliasAsync(
        Source(source), [.. targets.Select(target => MailAddress.Parse(target))], default);

    protected static AliasSource Source(string text)
    {
        var address = MailAddress.Parse(text);
        return new AliasSource(address.LocalPart == "*" ? null : address.LocalPart, address.Domain);
    }

    protected IncomingCopy Copy(BodyId body, long size = 1000, string recipient = "bob@hamburger.edu", string prefix = "") =>
        new(body.QueueId, new ForwardPath(MailAddress.Parse(recipient)), prefix, body, size, Time.GetUtcNow());

    protected async Task<StoreOutcome> StoreAsync(AccountId account, IncomingCopy copy) =>
        Assert.Single(await Mailboxes.StoreAsync(account, [copy], default));

    protected async Task<ImmutableArray<Uid>> UidsAsync(AccountId account) =>
        [.. (await Mailboxes.ListInboxAsync(account, default))!.Messages.Select(message => message.Uid)];

    protected static byte[] Octets(int length, int seed = 1)
    {
        var octets = new byte[length];
        new Random(seed).NextBytes(octets);
        return octets;
    }
}
