using System.Collections.Immutable;
using MailCluster.Imap.Sessions;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Commands;

/// <summary>
/// LIST with RECURSIVEMATCH (RFC 5258 §3.5): a name that fits the pattern is also told for the sake of what is selected
/// below it, where that does not fit itself.
/// </summary>
internal static class RecursiveList
{
    public static void Tell(
        ImapSession session, FolderView view, string reference, ImmutableArray<string> patterns, ListOptions options)
    {
        var wanted = patterns.Where(p => p.Length > 0).Select(pattern => new FolderPattern(reference + pattern)).ToList();
        var selected = view.Names(options.Subscribed)
            .Where(name => !options.SpecialUseOnly || view.Find(name)?.SpecialUse is not null).ToList();
        var told = selected.Where(IsWanted).ToHashSet();
        var above = Above(selected.Where(name => !told.Contains(name))).Where(IsWanted).ToHashSet();
        var childInfo = string.Join(
            ' ',
            new[] { (options.Subscribed, "\"SUBSCRIBED\""), (options.SpecialUseOnly, "\"SPECIAL-USE\"") }
                .Where(criterion => criterion.Item1).Select(criterion => criterion.Item2));
        foreach (var name in told.Union(above).OrderBy(name => name.Text, StringComparer.Ordinal))
        {
            session.TellListed(view, name, options, above.Contains(name) ? childInfo : null);
            if (told.Contains(name) && view.Find(name) is { } folder && !options.Status.IsDefault)
            {
                StatusCommand.Tell(session, folder, options.Status);
            }
        }

        bool IsWanted(FolderName name) => wanted.Exists(pattern => pattern.Matches(name));
    }

    private static IEnumerable<FolderName> Above(IEnumerable<FolderName> names)
    {
        foreach (var name in names)
        {
            for (var above = name.Parent; above is { } parent; above = parent.Parent)
            {
                yield return parent;
            }
        }
    }
}
