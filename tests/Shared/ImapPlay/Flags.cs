using System.Collections.Immutable;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.ImapPlay;

/// <summary>The few flags of the plays, as they are written, in order and with a space between.</summary>
internal static class Flags
{
    public static readonly ImmutableArray<(string Name, MessageFlags Flag)> All =
    [
        (@"\Seen", MessageFlags.Seen),
        (@"\Deleted", MessageFlags.Deleted),
        (@"\Flagged", MessageFlags.Flagged),
        ("$Junk", MessageFlags.Junk),
        ("Work", MessageFlags.None),
    ];

    public static string Text(MessageFlags flags, IEnumerable<string> keywords) => Sorted(
        All.Where(known => known.Flag != MessageFlags.None && flags.HasFlag(known.Flag)).Select(known => known.Name)
            .Concat(keywords));

    public static string Sorted(IEnumerable<string> names) => string.Join(' ', names.Order(StringComparer.Ordinal));

    public static IEnumerable<string> Split(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    public static string After(string before, FlagsAction action, IEnumerable<string> named) => Sorted(action switch
    {
        FlagsAction.Add => Split(before).Union(named),
        FlagsAction.Remove => Split(before).Except(named),
        _ => named.Distinct(),
    });
}
