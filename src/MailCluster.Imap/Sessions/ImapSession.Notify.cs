using System.Collections.Immutable;
using MailCluster.Imap.Commands;
using MailCluster.Imap.Syntax;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Sessions;

/// <summary>Tells what the client asked for with NOTIFY (RFC 5465), also between commands.</summary>
public sealed partial class ImapSession
{
    /// <summary>Responses at one time; with more the client would better look itself (RFC 5465 §5.8).</summary>
    internal const int MaxNotices = 1_000;

    /// <summary>A notice is worth an <see cref="Advance"/> at once, since the client wants to hear of it now.</summary>
    public bool TellsAtOnce => IsIdling || Notify is { IsNone: false };

    /// <summary>Null until the first NOTIFY: then the selected mailbox alone is told of, and during commands alone.</summary>
    internal NotifySet? Notify { get; set; }

    /// <summary>What is told of the selected mailbox.</summary>
    private NotifyEvents EventsOfSelected => Notify is null
        ? NotifyEvents.Messages
        : Notify.Selected?.Events ?? NotifyEvents.None;

    private bool WantsEntries => Notify?.WantsEntries ?? Enabled.HasFlag(Extensions.Metadata);

    /// <summary>What has gathered is told as it was wanted before, the selected mailbox in full (RFC 5465 §3.1).</summary>
    internal IEnumerable<SessionEffect> BeginNotify(NotifySet set)
    {
        foreach (var effect in TellAccount(looks: true))
        {
            yield return effect;
        }

        var before = Notify;
        Notify = null;
        foreach (var effect in Synchronize(mayTellExpunged: true, looks: true))
        {
            yield return effect;
        }

        Notify = before;
        if (!WantsEntries)
        {
            yield return new SessionEffect.ReadAnnotationNews(long.MaxValue);
            if (!Got(out EffectAnswer.AnnotationsChanged now))
            {
                yield break;
            }

            Watch!.Take(now.What);
        }

        if (Notify?.WantsFolders != true)
        {
            yield return SessionEffect.ListFolders.Instance;
            if (!Got(out EffectAnswer.Folders folders))
            {
                yield break;
            }

            Watch!.Folders = new FolderSnapshot(folders.List);
        }

        Notify = set;
    }

    /// <summary>Messages that the client added itself: their arrival is no news to it.</summary>
    internal void NoteAdded(FolderId folder, UidSet? uids, long modseq)
    {
        if (uids is null or { IsEmpty: true })
        {
            return;
        }

        if (Selected is { } selected && selected.Folder.Id == folder)
        {
            selected.Own = selected.Own.Union(uids);
        }

        Watch?.Folders?.NoteAdded(folder, uids.Count, modseq);
    }

    private IEnumerable<SessionEffect> TellBetweenCommands()
    {
        if (!TellsAtOnce)
        {
            yield break;
        }

        foreach (var effect in Synchronize(mayTellExpunged: Notify?.Selected is { IsDelayed: false }, looks: false))
        {
            yield return effect;
        }

        foreach (var effect in TellAccount(looks: false))
        {
            yield return effect;
        }
    }

    /// <summary>RFC 5465 §5.2: what was asked for of messages that others added, behind their EXISTS.</summary>
    private IEnumerable<SessionEffect> TellArrived(SelectedFolder selected, UidSet arrived)
    {
        var others = arrived.Except(selected.Own);
        selected.Own = UidSet.Empty;
        if (Notify?.Selected is not { Items.IsEmpty: false } wanted || others.IsEmpty)
        {
            yield break;
        }

        // A failure here is not one of the command under way, whose result stays what it is.
        var result = _result;
        _result = new CommandResult("OK", "Done");
        var command = new FetchCommand(new NumberSet([]), wanted.Items, null, Vanished: false, IsUid: false);
        foreach (var effect in new FetchRun(this, selected, command).Pages(others))
        {
            yield return effect;
        }

        _result = result;
    }

    private IEnumerable<SessionEffect> TellFolders(FolderSnapshot snapshot, FolderList list)
    {
        var notify = Notify!;
        var before = snapshot.Subscribed;
        var changes = snapshot.Take(list, Selected?.Folder.Id);
        var subscribed = list.Subscribed.ToHashSet();
        var names = changes.Names
            .Where(name => Wants(name.Key, NotifyEvents.MailboxName)
                || (name.Value is { } old && Wants(old, NotifyEvents.MailboxName)))
            .ToDictionary(name => name.Key, name => name.Value);
        foreach (var name in changes.Subscriptions.Where(name => Wants(name, NotifyEvents.SubscriptionChange)))
        {
            names.TryAdd(name, null);
        }

        var messages = changes.Messages.Where(changed => Wants(changed.Folder.Name, NotifyEvents.MessageNew)).ToList();
        if (names.Count + messages.Count > MaxNotices)
        {
            Notify = NotifySet.None;
            Out.Line("* OK [NOTIFICATIONOVERFLOW] Too much has changed at once");
            yield break;
        }

        var view = new FolderView(list);
        foreach (var (name, old) in names.OrderBy(name => name.Key.Text, StringComparer.Ordinal))
        {
            TellName(view, name, old);
        }

        foreach (var changed in messages)
        {
            TellCounts(changed, notify.EventsOf(changed.Folder.Name, subscribed.Contains(changed.Folder.Name)));
            if (Out.Pending > MaxPending)
            {
                yield return SessionEffect.Flush.Instance;
                _answer = null;
            }
        }

        bool Wants(FolderName name, NotifyEvents wanted) =>
            notify.EventsOf(name, subscribed.Contains(name) || before.Contains(name)).HasFlag(wanted);
    }

    private void TellName(FolderView view, FolderName name, FolderName? old)
    {
        Out.Text("* LIST (").Text(view.Attributes(name, ListOptions.Unasked)).Text(") \"/\" ").Mailbox(name);
        if (old is { } before)
        {
            Out.Text(" (\"OLDNAME\" (").Mailbox(before).Text("))"); // RFC 5465 §5.4
        }

        Out.Line();
    }

    /// <summary>RFC 5465 §5.1 to §5.3.</summary>
    private void TellCounts(ChangedFolder changed, NotifyEvents events)
    {
        var items = ImmutableArray.CreateBuilder<StatusItem>();
        if (changed.HasNewCounts)
        {
            items.AddRange(StatusItem.Messages, StatusItem.UidNext);
        }

        var flags = events.HasFlag(NotifyEvents.FlagChange);
        var condstore = Enabled.HasFlag(Extensions.Condstore);
        if (flags && changed.HasNewUnseen)
        {
            items.Add(StatusItem.Unseen);
        }

        if (condstore && (flags || changed.HasNewCounts))
        {
            items.Add(StatusItem.HighestModSeq);
        }

        if (items.Count > 0)
        {
            if (flags || changed.IsNew)
            {
                items.Add(StatusItem.UidValidity);
            }

            StatusCommand.Tell(this, changed.Folder, items.ToImmutable());
        }
    }
}
