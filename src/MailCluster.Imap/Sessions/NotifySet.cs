using System.Collections.Immutable;
using MailCluster.Imap.Commands;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Sessions;

/// <summary>What a client asked to hear of (RFC 5465 §6).</summary>
/// <param name="Selected">Of the selected mailbox, whichever that is; null for nothing.</param>
internal sealed record NotifySet(SelectedEvents? Selected, ImmutableArray<NotifyGroup> Groups)
{
    public static readonly NotifySet None = new(null, []);

    public bool IsNone => Selected is null && Groups.IsEmpty;

    /// <summary>Something is wanted that the list of folders tells.</summary>
    public bool WantsFolders => Groups.Any(group =>
        (group.Events & (NotifyEvents.Messages | NotifyEvents.MailboxName | NotifyEvents.SubscriptionChange)) != 0);

    public bool WantsServerEntries => Groups.Any(group => group.Events.HasFlag(NotifyEvents.ServerMetadataChange));

    public bool WantsEntries =>
        WantsServerEntries || Groups.Any(group => group.Events.HasFlag(NotifyEvents.MailboxMetadataChange));

    /// <summary>RFC 5465 §6: several groups may be of the same mailbox.</summary>
    public NotifyEvents EventsOf(FolderName name, bool isSubscribed) => Groups
        .Where(group => group.IsOf(name, isSubscribed))
        .Aggregate(NotifyEvents.None, (events, group) => events | group.Events);
}

/// <param name="IsDelayed">RFC 5465 §6.1.2: between commands nothing is told expunged.</param>
/// <param name="Items">What is fetched of a new message; empty for nothing.</param>
internal sealed record SelectedEvents(bool IsDelayed, NotifyEvents Events, ImmutableArray<FetchItem> Items);

/// <param name="Names">Of a subtree, or mailboxes; those that cannot be are left out.</param>
internal sealed record NotifyGroup(NotifyScope Scope, ImmutableArray<FolderName> Names, NotifyEvents Events)
{
    public bool IsOf(FolderName name, bool isSubscribed) => Scope switch
    {
        NotifyScope.Inboxes => name.IsInbox, // RFC 5465 §6.3: nothing else is delivered into
        NotifyScope.Personal => true,
        NotifyScope.Subscribed => isSubscribed,
        NotifyScope.Subtree => Names.Any(above => name == above || name.IsBelow(above)),
        _ => Names.Contains(name),
    };
}

internal enum NotifyScope
{
    Inboxes,
    Personal,
    Subscribed,
    Subtree,
    Mailboxes,
}

/// <summary>RFC 5465 §5, but AnnotationChange, which needs annotations of messages.</summary>
[Flags]
internal enum NotifyEvents
{
    None = 0,
    MessageNew = 1,
    MessageExpunge = 2,
    FlagChange = 4,
    MailboxName = 8,
    SubscriptionChange = 16,
    MailboxMetadataChange = 32,
    ServerMetadataChange = 64,
    Counts = MessageNew | MessageExpunge,
    Messages = MessageNew | MessageExpunge | FlagChange,
}
