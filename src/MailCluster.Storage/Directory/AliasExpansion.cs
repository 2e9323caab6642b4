using System.Collections.Immutable;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Envelopes;

namespace MailCluster.Storage.Directory;

/// <summary>Follows one address to its recipients. Used once.</summary>
internal sealed class AliasExpansion(DirectoryQueries directory)
{
    /// <summary>An alias may lead to an alias this often.</summary>
    public const int MaxDepth = 10;

    /// <summary>An address may lead to so many recipients.</summary>
    public const int MaxRecipients = 1000;

    /// <summary>Addresses looked at for them: aliases that lead nowhere must not cost without end.</summary>
    private const int MaxLookups = 4 * MaxRecipients;

    private readonly List<ResolvedRecipient> _recipients = [];
    private readonly HashSet<object> _added = [];
    private readonly HashSet<MailAddress> _done = [];
    private readonly HashSet<MailAddress> _trail = [];
    private string? _fault;
    private int _lookups;

    public Resolution Resolve(MailAddress address)
    {
        if (!directory.IsDomain(address.Domain))
        {
            return new Resolution.NotLocal();
        }

        var known = Follow(address, "");
        return (known, _fault) switch
        {
            (_, { } reason) => new Resolution.BadAlias(reason),
            (false, _) => new Resolution.NoSuchUser(),
            _ when _recipients.Count == 0 => new Resolution.BadAlias($"{address} leads to nobody"),
            _ => new Resolution.Found([.. _recipients]),
        };
    }

    /// <summary>Adds what the address leads to; false where it is one of ours and there is no such user.</summary>
    private bool Follow(MailAddress address, string detail)
    {
        if (_fault is not null || ++_lookups > MaxLookups)
        {
            _fault ??= "too many addresses";
            return true;
        }

        if (!directory.IsDomain(address.Domain))
        {
            Add(new ResolvedRecipient(new ForwardPath(address), new DeliveryTarget.Remote(address.Domain)));
            return true;
        }

        var local = address with { LocalPart = LocalPart.Normalize(address.LocalPart) };
        return FollowName(local, local.LocalPart, detail)
            || FollowBase(local)
            || FollowAlias(local.Domain, LocalPart.CatchAll, "")
            || FollowRole(local);
    }

    /// <summary>An account or an alias of exactly this name.</summary>
    private bool FollowName(MailAddress local, string name, string detail)
    {
        if (directory.Account(local.Domain, name) is { } account)
        {
            Add(new ResolvedRecipient(new ForwardPath(local), new DeliveryTarget.Mailbox(account.Account, detail)));
            return true;
        }

        return FollowAlias(local.Domain, name, detail);
    }

    /// <summary><c>user+detail</c>, where nobody has all of it for a name.</summary>
    private bool FollowBase(MailAddress local)
    {
        var end = local.LocalPart.IndexOf(LocalPart.DetailSeparator, StringComparison.Ordinal);
        return end > 0 && FollowName(local, local.LocalPart[..end], local.LocalPart[(end + 1)..]);
    }

    /// <summary>postmaster and abuse are read by somebody even where nobody has thought of them.</summary>
    private bool FollowRole(MailAddress local)
    {
        if (!LocalPart.IsRole(local.LocalPart) || directory.FirstAccount(local.Domain) is not { } account)
        {
            return false;
        }

        Add(new ResolvedRecipient(new ForwardPath(local), new DeliveryTarget.Mailbox(account.Account, "")));
        return true;
    }

    private bool FollowAlias(DomainName domain, string name, string detail)
    {
        var source = new MailAddress(name, domain);
        var targets = directory.Targets(domain, name);
        if (targets.IsEmpty)
        {
            return false;
        }

        if (_trail.Contains(source))
        {
            _fault ??= $"{source} leads to itself";
        }
        else if (_trail.Count == MaxDepth)
        {
            _fault ??= $"{source} is too deep";
        }
        else if (_done.Add(source)) // Two ways to the same list are no fault; once is enough.
        {
            FollowAll(source, targets, detail);
        }

        return true;
    }

    private void FollowAll(MailAddress source, ImmutableArray<MailAddress> targets, string detail)
    {
        _trail.Add(source);
        foreach (var target in targets)
        {
            Follow(target, detail); // A target that is gone does not keep the others from their mail.
        }

        _trail.Remove(source);
    }

    private void Add(ResolvedRecipient recipient)
    {
        // One copy per account and detail, however many of its names are on a list.
        if (_added.Add(recipient.Target is DeliveryTarget.Mailbox mailbox ? mailbox : recipient.Path))
        {
            _recipients.Add(recipient);
        }

        if (_recipients.Count > MaxRecipients)
        {
            _fault ??= "too many recipients";
        }
    }
}
