using System.Collections.Immutable;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Sasl;

namespace MailCluster.Storage.Directory;

/// <summary>What operator commands do to domains, accounts and aliases. Every change is durable when the task is done.</summary>
/// <exception cref="DirectoryException">Refused, with a text for the operator (exists already, still in use, unknown).</exception>
/// <exception cref="StorageException">The database failed.</exception>
public interface IDirectoryAdministration
{
    Task AddDomainAsync(DomainName domain, CancellationToken cancellation);

    /// <summary>Removes a domain that has neither accounts nor aliases.</summary>
    Task RemoveDomainAsync(DomainName domain, CancellationToken cancellation);

    Task<ImmutableArray<DomainName>> ListDomainsAsync(CancellationToken cancellation);

    /// <summary>Adds an account with its INBOX.</summary>
    Task<AccountId> AddAccountAsync(
        MailAddress address, ScramVerifier verifier, long? quotaBytes, CancellationToken cancellation);

    Task SetPasswordAsync(MailAddress address, ScramVerifier verifier, CancellationToken cancellation);

    Task SetQuotaAsync(MailAddress address, long? quotaBytes, CancellationToken cancellation);

    /// <summary>How many messages the account may keep; null is without limit.</summary>
    Task SetMessageLimitAsync(MailAddress address, long? messages, CancellationToken cancellation);

    /// <summary>Removes the account and all its mail.</summary>
    Task RemoveAccountAsync(MailAddress address, CancellationToken cancellation);

    Task<ImmutableArray<AccountSummary>> ListAccountsAsync(DomainName? domain, CancellationToken cancellation);

    /// <summary>Adds targets to an alias. An alias with the local-part <c>*</c> is the domain's catch-all.</summary>
    Task AddAliasAsync(AliasSource source, ImmutableArray<MailAddress> targets, CancellationToken cancellation);

    /// <summary>Removes one target of the alias, or all of it where <paramref name="target"/> is null.</summary>
    Task RemoveAliasAsync(AliasSource source, MailAddress? target, CancellationToken cancellation);

    Task<ImmutableArray<Alias>> ListAliasesAsync(DomainName? domain, CancellationToken cancellation);
}

/// <summary>The left side of an alias: an address, or every address of a domain that is none otherwise.</summary>
public readonly record struct AliasSource(string? LocalPart, DomainName Domain)
{
    public bool IsCatchAll => LocalPart is null;

    public override string ToString() => IsCatchAll ? $"*@{Domain}" : new MailAddress(LocalPart!, Domain).ToString();
}

public sealed record Alias(AliasSource Source, ImmutableArray<MailAddress> Targets);

public sealed record AccountSummary(
    AccountId Id, MailAddress Address, long? QuotaBytes, long UsedBytes, long Messages, long? QuotaMessages = null);

/// <summary>An operator's change was refused; the message says why, for the operator.</summary>
public sealed class DirectoryException(string message) : Exception(message);
