using System.Collections.Immutable;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Sasl;
using MailCluster.Storage.Mailboxes;
using MailCluster.Storage.Sql;

namespace MailCluster.Storage.Directory;

/// <summary>Operators' changes, each one transaction of the mail database, except that an account's mail goes in steps.</summary>
internal sealed class SqlDirectoryAdministration(
    GroupWriter<MailChanges> writes,
    Reads<DirectoryQueries> reads,
    DirectoryCache cache,
    SqlMailboxStore mailboxes,
    TimeProvider time) : IDirectoryAdministration
{
    public Task AddDomainAsync(DomainName domain, CancellationToken cancellation) => ChangeAsync(
        domain,
        static (changes, domain) => changes.Directory.AddDomain(domain)
            ? true
            : throw new DirectoryException($"The domain {domain} exists already."),
        cancellation);

    public Task RemoveDomainAsync(DomainName domain, CancellationToken cancellation) => ChangeAsync(
        domain,
        static (changes, domain) =>
        {
            var id = KnownDomain(changes, domain);
            if (changes.Directory.IsUsed(id))
            {
                throw new DirectoryException($"The domain {domain} still has accounts or aliases.");
            }

            changes.Directory.RemoveDomain(id);
            return true;
        },
        cancellation);

    public Task<ImmutableArray<DomainName>> ListDomainsAsync(CancellationToken cancellation) =>
        reads.ReadAsync(0, static (queries, _) => queries.Domains(), cancellation);

    public Task<AccountId> AddAccountAsync(
        MailAddress address, ScramVerifier verifier, long? quotaBytes, CancellationToken cancellation) =>
        ChangeAsync((address, verifier, quotaBytes, Now: time.GetUtcNow()), AddAccount, cancellation);

    public Task SetPasswordAsync(MailAddress address, ScramVerifier verifier, CancellationToken cancellation) =>
        ChangeAsync(
            (address, verifier),
            static (changes, change) =>
            {
                changes.Directory.SetVerifier(KnownAccount(changes, change.address), change.verifier);
                return true;
            },
            cancellation);

    public Task SetQuotaAsync(MailAddress address, long? quotaBytes, CancellationToken cancellation) => ChangeAsync(
        (address, quotaBytes),
        static (changes, change) =>
        {
            changes.Directory.SetQuota(KnownAccount(changes, change.address), ValidQuota(change.quotaBytes));
            return true;
        },
        cancellation);

    public Task SetMessageLimitAsync(MailAddress address, long? messages, CancellationToken cancellation) => ChangeAsync(
        (address, messages),
        static (changes, change) =>
        {
            changes.Directory.SetMessageLimit(KnownAccount(changes, change.address), ValidQuota(change.messages));
            return true;
        },
        cancellation);

    public async Task RemoveAccountAsync(MailAddress address, CancellationToken cancellation)
    {
        bool isGone;
        do
        {
            var step = await ChangeAsync(address, RemoveAccountStep, cancellation).ConfigureAwait(false);
            await mailboxes.DiscardAsync(step.Bodies).ConfigureAwait(false);
            isGone = step.IsGone;
        }
        while (!isGone);
    }

    public Task<ImmutableArray<AccountSummary>> ListAccountsAsync(
        DomainName? domain, CancellationToken cancellation) =>
        reads.ReadAsync(domain, static (queries, domain) => queries.Accounts(domain), cancellation);

    public Task AddAliasAsync(
        AliasSource source, ImmutableArray<MailAddress> targets, CancellationToken cancellation) =>
        ChangeAsync((source, targets), AddAlias, cancellation);

    public Task RemoveAliasAsync(AliasSource source, MailAddress? target, CancellationToken cancellation) =>
        ChangeAsync((source, target), RemoveAlias, cancellation);

    public Task<ImmutableArray<Alias>> ListAliasesAsync(DomainName? domain, CancellationToken cancellation) =>
        reads.ReadAsync(domain, static (queries, domain) => queries.Aliases(domain), cancellation);

    private async Task<TResult> ChangeAsync<TState, TResult>(
        TState state, Func<MailChanges, TState, TResult> change, CancellationToken cancellation)
    {
        var result = await writes.WriteAsync(
            (state, change),
            static (changes, work) =>
            {
                changes.Directory.BumpVersion();
                return work.change(changes, work.state);
            },
            cancellation).ConfigureAwait(false);
        cache.Clear();
        return result;
    }

    private static AccountId AddAccount(
        MailChanges changes, (MailAddress Address, ScramVerifier Verifier, long? QuotaBytes, DateTimeOffset Now) account)
    {
        var domain = KnownDomain(changes, account.Address.Domain);
        var name = LocalPart.Normalize(account.Address.LocalPart);
        if (name == LocalPart.CatchAll)
        {
            throw new DirectoryException($"{LocalPart.CatchAll} stands for the catch-all and is no name of an account.");
        }

        if (changes.Directory.Account(domain, name) is not null)
        {
            throw new DirectoryException($"The account {account.Address} exists already.");
        }

        // One name, one meaning: otherwise adding an account would silently take an alias's mail, or the other way.
        if (changes.Directory.IsAlias(domain, name))
        {
            throw new DirectoryException($"{account.Address} is an alias.");
        }

        var quota = ValidQuota(account.QuotaBytes);
        var id = changes.Directory.AddAccount(domain, name, account.Verifier, quota, account.Now);
        changes.Mailboxes.AddInitialFolders(id, account.Now);
        return id;
    }

    private static (bool IsGone, List<BodyId> Bodies) RemoveAccountStep(MailChanges changes, MailAddress address)
    {
        var account = KnownAccount(changes, address);
        var bodies = changes.Mailboxes.RemoveSome(account);
        if (bodies.Count < MailboxChanges.LargestRemoval && changes.Imports.ForgetSome(account))
        {
            changes.Access.ForgetAccount(account);
            changes.Directory.RemoveAccount(account);
            return (true, bodies);
        }

        return (false, bodies);
    }

    private static bool AddAlias(MailChanges changes, (AliasSource Source, ImmutableArray<MailAddress> Targets) alias)
    {
        var domain = KnownDomain(changes, alias.Source.Domain);
        var name = Name(alias.Source);
        if (changes.Directory.Account(domain, name) is not null)
        {
            throw new DirectoryException($"{alias.Source} is an account.");
        }

        if (alias.Targets.IsDefaultOrEmpty)
        {
            throw new DirectoryException($"An alias needs a target: {alias.Source}.");
        }

        foreach (var target in alias.Targets)
        {
            changes.Directory.AddTarget(domain, name, Stored(changes, target));
        }

        return true;
    }

    private static bool RemoveAlias(MailChanges changes, (AliasSource Source, MailAddress? Target) alias)
    {
        var domain = KnownDomain(changes, alias.Source.Domain);
        var name = Name(alias.Source);
        if (alias.Target is not { } target)
        {
            return changes.Directory.RemoveAlias(domain, name) > 0
                ? true
                : throw new DirectoryException($"There is no alias {alias.Source}.");
        }

        // Its domain may have become ours since the target was written down.
        return changes.Directory.RemoveTarget(domain, name, Stored(changes, target), target) > 0
            ? true
            : throw new DirectoryException($"There is no alias {alias.Source} to {target}.");
    }

    private static long KnownDomain(MailChanges changes, DomainName domain) =>
        changes.Directory.Domain(domain) ?? throw new DirectoryException($"There is no domain {domain}.");

    private static AccountId KnownAccount(MailChanges changes, MailAddress address) =>
        changes.Directory.Account(KnownDomain(changes, address.Domain), LocalPart.Normalize(address.LocalPart))
        ?? throw new DirectoryException($"There is no account {address}.");

    private static long? ValidQuota(long? quotaBytes) => quotaBytes is < 0
        ? throw new DirectoryException("A quota cannot be negative.")
        : quotaBytes;

    private static string Name(AliasSource source) =>
        source.IsCatchAll ? LocalPart.CatchAll : LocalPart.Normalize(source.LocalPart!);

    /// <summary>A target as it is stored: the case of a local-part that is not ours means what its own host says.</summary>
    private static MailAddress Stored(MailChanges changes, MailAddress target) =>
        changes.Directory.Domain(target.Domain) is null
            ? target
            : target with { LocalPart = LocalPart.Normalize(target.LocalPart) };
}
