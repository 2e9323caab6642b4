using System.Collections.Frozen;
using System.Collections.Immutable;
using MailCluster.Imap.Sessions;
using MailCluster.Imap.Syntax;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Commands;

/// <summary>STATUS (RFC 9051 §6.3.11; RFC 7162 §3.1.7, RFC 8438, RFC 7889 §3.1, RFC 8474 §4.3, RFC 9208 §4.1.4).</summary>
internal sealed record StatusCommand(string Name, ImmutableArray<StatusItem> Items) : ImapCommand
{
    private const int MaxItems = 20;

    /// <summary>Enum.Parse would take numbers and lists for names as well.</summary>
    private static readonly FrozenDictionary<string, StatusItem> ByName =
        Enum.GetValues<StatusItem>().ToFrozenDictionary(WireName);

    public static ImapCommand Parse(ref SyntaxReader reader)
    {
        reader.Space();
        var name = reader.Mailbox();
        reader.Space();
        return new StatusCommand(name, ParseItems(ref reader));
    }

    public static ImmutableArray<StatusItem> ParseItems(ref SyntaxReader reader) => reader.List(Item, MaxItems);

    public static void Tell(ImapSession session, Folder folder, ImmutableArray<StatusItem> items)
    {
        session.Out.Text("* STATUS ").Mailbox(folder.Name).Text(" (");
        for (var i = 0; i < items.Length; i++)
        {
            var item = items[i];
            session.Out.Text(i == 0 ? "" : " ").Text(WireName(item)).Text(" ");
            if (item == StatusItem.MailboxId)
            {
                session.Out.Text("(").Text(folder.Id.MailboxId).Text(")");
            }
            else
            {
                session.Out.Number(item == StatusItem.AppendLimit ? session.Options.MaxMessage : Value(folder, item));
            }
        }

        session.Out.Line(")");
    }

    public override IEnumerable<SessionEffect> Run(ImapSession session)
    {
        foreach (var effect in session.FindFolder(Name, FolderRights.Read))
        {
            yield return effect;
        }

        if (session.FoundFolder is not { } folder)
        {
            yield break;
        }

        if (Items.Contains(StatusItem.HighestModSeq))
        {
            session.Enabled |= Extensions.Condstore; // RFC 7162 §3.1
        }

        Tell(session, folder with { Name = session.Place!.Value.Shown }, Items);
    }

    private static StatusItem Item(ref SyntaxReader reader)
    {
        if (ByName.TryGetValue(reader.Keyword(), out var item))
        {
            return item;
        }

        reader.Fail("a status item before here");
        return default;
    }

    private static string WireName(StatusItem item) =>
        item == StatusItem.DeletedStorage ? "DELETED-STORAGE" : item.ToString().ToUpperInvariant();

    private static long Value(Folder folder, StatusItem item) => item switch
    {
        StatusItem.Messages => folder.Messages,
        StatusItem.UidNext => folder.UidNext.Value,
        StatusItem.UidValidity => folder.UidValidity.Value,
        StatusItem.Unseen => folder.Unseen,
        StatusItem.Deleted => folder.Deleted,
        StatusItem.DeletedStorage => folder.DeletedSize, // RFC 9208 §4.1.4: octets
        StatusItem.Size => folder.Size,
        StatusItem.HighestModSeq => folder.HighestModSeq,
        _ => 0, // nobody is told that a message is recent
    };
}

/// <summary>Their names are those on the wire, but for the hyphens.</summary>
internal enum StatusItem
{
    Messages,
    Recent,
    UidNext,
    UidValidity,
    Unseen,
    Deleted,
    DeletedStorage,
    Size,
    HighestModSeq,
    MailboxId,
    AppendLimit,
}
