using System.Collections.Immutable;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Sasl;

namespace MailCluster.Storage.Directory;

/// <summary>
/// Domains, accounts and aliases, as the listeners ask for them: answered from a cache of this node, which follows the
/// database within a second. Safe for any number of threads.
/// </summary>
/// <exception cref="StorageException">Every member: the database failed and the cache has no answer.</exception>
public interface IDirectory
{
    /// <summary>Whether mail for the domain is ours to keep.</summary>
    ValueTask<bool> IsLocalDomainAsync(DomainName domain, CancellationToken cancellation);

    /// <summary>
    /// Who gets mail for the address: follows aliases, <c>user+detail</c> and the catch-all. The postmaster and abuse
    /// addresses of a local domain without an own account or alias go to the domain's catch-all or first account.
    /// </summary>
    ValueTask<Resolution> ResolveAsync(ForwardPath path, CancellationToken cancellation);

    /// <summary>
    /// The account of a login name, with its verifier, or null. Login names are mail addresses, without regard to case.
    /// </summary>
    ValueTask<AccountCredentials?> FindCredentialsAsync(string userName, CancellationToken cancellation);

    /// <summary>Whether the account may send with this address: its own, or an alias that leads to it.</summary>
    ValueTask<bool> MaySendAsAsync(AccountId account, MailAddress address, CancellationToken cancellation);

    /// <summary>The limits of an account, or null where it is gone.</summary>
    ValueTask<AccountInfo?> FindAccountAsync(AccountId account, CancellationToken cancellation);
}

/// <summary>What an address leads to.</summary>
public abstract record Resolution
{
    private Resolution()
    {
    }

    /// <summary>The recipients, at least one.</summary>
    public sealed record Found(ImmutableArray<Mail.Envelopes.ResolvedRecipient> Recipients) : Resolution;

    /// <summary>The domain is ours and has no such user.</summary>
    public sealed record NoSuchUser : Resolution;

    /// <summary>The domain is not ours: relaying.</summary>
    public sealed record NotLocal : Resolution;

    /// <summary>Aliases lead in a circle, too deep, or to too many recipients.</summary>
    public sealed record BadAlias(string Reason) : Resolution;
}

/// <summary>What a login needs: who, and the verifier that the password is checked against.</summary>
public sealed record AccountCredentials(AccountId Account, MailAddress Address, ScramVerifier Verifier);

/// <summary>An account as its owner's sessions see it. <paramref name="QuotaBytes"/> null means no limit.</summary>
public sealed record AccountInfo(AccountId Account, MailAddress Address, long? QuotaBytes);
