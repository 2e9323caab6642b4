using Akka.Actor;
using MailCluster.Actors.Mailboxes;
using MailCluster.Imap.Sessions;
using MailCluster.Mail.Identity;

namespace MailCluster.Actors.Connections.Imap;

/// <summary>
/// Whose Mailboxes tell of changes: one's own, once one of one's folders was opened, and the owner's of the folder that was
/// opened last, or of one that a change was asked for which may not be repeated. A folder is read, and such a change sent, only
/// when the owner's Mailbox has said that it tells from now on.
/// </summary>
public sealed partial class ImapConnectionActor
{
    /// <summary>Null where the Mailbox has not answered yet.</summary>
    private readonly Dictionary<AccountId, IActorRef?> _watches = [];

    /// <summary>Waits until the Mailbox of this account tells of changes.</summary>
    private (SessionEffect Effect, AccountId Owner)? _opening;
    private long _openingSince;

    private AccountId OwnerOf(AccountId owner) => owner == default ? Account : owner;

    /// <summary>Carries it out once the owner's Mailbox tells of changes.</summary>
    private void Watched(SessionEffect effect, AccountId owner)
    {
        var others = effect is SessionEffect.OpenFolder
            ? _watches.Keys.Where(other => other != owner && other != Account).ToList()
            : [];
        foreach (var other in others)
        {
            Unwatch(other);
        }

        if (_watches.GetValueOrDefault(owner) is not null)
        {
            CarryOutWatched(effect);
            return;
        }

        _opening = (effect, owner);
        _openingSince = _services.Time.GetTimestamp();
        Watch(owner);
    }

    private void CarryOutWatched(SessionEffect effect)
    {
        if (effect is SessionEffect.WatchAccount)
        {
            GoOn(EffectAnswer.Done.Instance);
        }
        else if (effect is SessionEffect.Change)
        {
            Send(_asking!);
        }
        else
        {
            Answer(_backend.Answer(effect, Account, Stopping)!);
        }
    }

    private void Watch(AccountId account)
    {
        _watches.TryAdd(account, null);
        _services.MailboxRegion.Tell(new WatchMailbox(account), Self);
        StartRetry();
    }

    private void WatchAgain()
    {
        foreach (var account in _watches.Where(watch => watch.Value is null).Select(watch => watch.Key).ToList())
        {
            Watch(account);
        }
    }

    private void Unwatch(AccountId account)
    {
        if (_watches.Remove(account, out var mailbox) && mailbox is not null)
        {
            Context.Unwatch(mailbox);
        }

        _services.MailboxRegion.Tell(new UnwatchMailbox(account), Self);
    }

    private void OnWatched(AccountId account)
    {
        if (!_watches.TryGetValue(account, out var known))
        {
            Sender.Tell(new UnwatchMailbox(account)); // asked for twice, and wanted no more
            return;
        }

        if (known is null)
        {
            _watches[account] = Context.Watch(Sender);
            _session.NoteUnknown();
            _noticed = true;
        }

        if (_opening is { } opening && opening.Owner == account)
        {
            _opening = null;
            CarryOutWatched(opening.Effect);
            return;
        }

        RunIfNoticed();
    }

    /// <summary>
    /// A Mailbox that moves passes on what it has not begun. One that was lost with its node answers nothing any more: what
    /// it was asked may be done or not, and the client of a change that may not be repeated hears so at once.
    /// </summary>
    private void OnMailboxGone(IActorRef gone, bool withItsNode)
    {
        var accounts = _watches.Where(watch => gone.Equals(watch.Value)).Select(watch => watch.Key).ToList();
        foreach (var account in accounts)
        {
            _watches[account] = null;
        }

        if (withItsNode && _asking is { Change.MayBeRepeated: false } asking && accounts.Contains(asking.Message.Account))
        {
            OnChanged(EffectAnswer.StoreFailed.Instance);
        }

        WatchAgain();
    }
}
