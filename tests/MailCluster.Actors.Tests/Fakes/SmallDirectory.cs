using System.Collections.Immutable;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Envelopes;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Sasl;
using MailCluster.Storage;
using MailCluster.Storage.Directory;

namespace MailCluster.Actors.Tests.Fakes;

/// <summary>One domain with a few users, whose password is <c>secret</c>; can be told to fail.</summary>
internal sealed class SmallDirectory : IDirectory, IDirectoryAdministration
{
    public static readonly DomainName Domain = DomainName.Parse("hamburger.edu");

    private static readonly ScramVerifier Verifier = ScramVerifier.Create("secret", 4096);

    private readonly string[] _users = ["chris", "dana"];

    public StorageException? Failure { get; set; }

    public static AccountId IdOf(string user) => new(user == "chris" ? 1 : 2);

    public ValueTask<bool> IsLocalDomainAsync(DomainName domain, CancellationToken cancellation) => new(domain == Domain);

    public ValueTask<Resolution> ResolveAsync(ForwardPath path, CancellationToken cancellation) =>
        Failure is { } failure ? ValueTask.FromException<Resolution>(failure) : new(Resolve(path));

    public ValueTask<AccountCredentials?> FindCredentialsAsync(string userName, CancellationToken cancellation)
    {
        var user = userName.Split('@')[0];
        return Failure is { } failure ? ValueTask.FromException<AccountCredentials?>(failure)
            : new(_users.Contains(user) ? new AccountCredentials(IdOf(user), AddressOf(user), Verifier) : null);
    }

    public ValueTask<bool> MaySendAsAsync(AccountId account, MailAddress address, CancellationToken cancellation) =>
        new(IdOf(address.LocalPart) == account);

    public ValueTask<AccountInfo?> FindAccountAsync(AccountId account, CancellationToken cancellation) => new((AccountInfo?)null);

    public Task<ImmutableArray<DomainName>> ListDomainsAsync(CancellationToken cancellation) =>
        Task.FromResult<ImmutableArray<DomainName>>([Domain]);

    public Task AddDomainAsync(DomainName domain, CancellationToken cancellation) => throw new NotSupportedException();

    public Task RemoveDomainAsync(DomainName domain, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<AccountId> AddAccountAsync(
        MailAddress address, ScramVerifier verifier, long? quotaBytes, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task SetPasswordAsync(MailAddress address, ScramVerifier verifier, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task SetQuotaAsync(MailAddress address, long? quotaBytes, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task SetMessageLimitAsync(MailAddress address, long? messages, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task RemoveAccountAsync(MailAddress address, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<ImmutableArray<AccountSummary>> ListAccountsAsync(DomainName? domain, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task AddAliasAsync(AliasSource source, ImmutableArray<MailAddress> targets, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task RemoveAliasAsync(AliasSource source, MailAddress? target, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task<ImmutableArray<Alias>> ListAliasesAsync(DomainName? domain, CancellationToken cancellation) =>
        throw new NotSupportedException();

    private static MailAddress AddressOf(string user) => new(user, Domain);

    private Resolution Resolve(ForwardPath path) =>
        path.Domain != Domain ? new Resolution.NotLocal()
        : _users.Contains(path.Address.LocalPart)
            ? new Resolution.Found([new ResolvedRecipient(path, new DeliveryTarget.Mailbox(IdOf(path.Address.LocalPart), ""))])
            : new Resolution.NoSuchUser();
}
