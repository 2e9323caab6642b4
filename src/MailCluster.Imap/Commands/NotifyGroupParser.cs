using System.Collections.Immutable;
using MailCluster.Imap.Sessions;
using MailCluster.Imap.Syntax;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Commands;

/// <summary>The event groups of NOTIFY SET (RFC 5465 §8), one after the other.</summary>
internal sealed class NotifyGroupParser
{
    /// <summary>Of a list: what is more is no command any more.</summary>
    private const int MaxMailboxes = 5_000;

    private const int MaxEvents = 50;

    private const int MaxItems = 100;

    private static readonly (string Name, NotifyEvents Event)[] Known =
    [
        ("MessageNew", NotifyEvents.MessageNew),
        ("MessageExpunge", NotifyEvents.MessageExpunge),
        ("FlagChange", NotifyEvents.FlagChange),
        ("MailboxName", NotifyEvents.MailboxName),
        ("SubscriptionChange", NotifyEvents.SubscriptionChange),
        ("MailboxMetadataChange", NotifyEvents.MailboxMetadataChange),
        ("ServerMetadataChange", NotifyEvents.ServerMetadataChange),
    ];

    private readonly List<NotifyGroup> _groups = [];
    private SelectedEvents? _selected;

    public static string EventNames => string.Join(' ', Known.Select(known => known.Name));

    /// <summary>False where an event is named that there is not.</summary>
    public bool IsSupported { get; private set; } = true;

    public NotifySet Set => new(_selected, [.. _groups]);

    public void Group(ref SyntaxReader reader)
    {
        reader.Expect('(');
        var scope = reader.Keyword();
        if (scope is "SELECTED" or "SELECTED-DELAYED")
        {
            reader.Space();
            OfSelected(ref reader, scope == "SELECTED-DELAYED");
        }
        else
        {
            OfOthers(ref reader, scope);
        }

        reader.Expect(')');
    }

    private void OfSelected(ref SyntaxReader reader, bool isDelayed)
    {
        if (_selected is not null)
        {
            reader.Fail("SELECTED only once before here"); // RFC 5465 §6.1
        }

        var events = Events(ref reader, out var items);
        if ((events & ~NotifyEvents.Messages) != 0)
        {
            reader.Fail("events of messages alone before here"); // RFC 5465 §6.1
        }

        _selected = new SelectedEvents(isDelayed, events, items);
    }

    private void OfOthers(ref SyntaxReader reader, string word)
    {
        NotifyScope? scope = word switch
        {
            "INBOXES" => NotifyScope.Inboxes,
            "PERSONAL" => NotifyScope.Personal,
            "SUBSCRIBED" => NotifyScope.Subscribed,
            "SUBTREE" => NotifyScope.Subtree,
            "MAILBOXES" => NotifyScope.Mailboxes,
            _ => null,
        };
        if (scope is null)
        {
            reader.Fail("which mailboxes before here");
        }

        reader.Space();
        var names = ImmutableArray<FolderName>.Empty;
        if (scope is NotifyScope.Subtree or NotifyScope.Mailboxes)
        {
            names = Names(ref reader);
            reader.Space();
        }

        var events = Events(ref reader, out var items);
        if (!items.IsEmpty)
        {
            reader.Fail("nothing to fetch but of the selected mailbox before here"); // RFC 5465 §8, message-event
        }

        _groups.Add(new NotifyGroup(scope ?? default, names, events));
    }

    private static ImmutableArray<FolderName> Names(ref SyntaxReader reader)
    {
        ImmutableArray<string> texts = reader.IsNext('(')
            ? reader.List((ref SyntaxReader r) => r.Mailbox(), MaxMailboxes)
            : [reader.Mailbox()];
        // RFC 5465 §3.1: a name that refers to no mailbox is ignored; one that none can have never will.
        var names = ImmutableArray.CreateBuilder<FolderName>(texts.Length);
        foreach (var text in texts)
        {
            if (FolderName.TryParse(text, out var name))
            {
                names.Add(name);
            }
        }

        return names.DrainToImmutable();
    }

    private NotifyEvents Events(ref SyntaxReader reader, out ImmutableArray<FetchItem> items)
    {
        items = [];
        if (reader.TryWord("NONE"))
        {
            return NotifyEvents.None;
        }

        var events = NotifyEvents.None;
        var count = 0;
        reader.Expect('(');
        do
        {
            var name = reader.Keyword();
            var known = Known.FirstOrDefault(one => one.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Event;
            IsSupported &= known != NotifyEvents.None;
            events |= known;
            if (known == NotifyEvents.MessageNew && reader.IsSpaceAndListNext)
            {
                reader.Space();
                items = reader.List(FetchItem.Parse, MaxItems);
            }
        }
        while (++count < MaxEvents && reader.Try(' '));
        reader.Expect(')');
        if ((events & NotifyEvents.Messages) is not (NotifyEvents.None or NotifyEvents.Messages or NotifyEvents.Counts))
        {
            reader.Fail("MessageNew with MessageExpunge, as FlagChange needs them, before here"); // RFC 5465 §5
        }

        return events;
    }
}
