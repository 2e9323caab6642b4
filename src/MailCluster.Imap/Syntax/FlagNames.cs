using System.Collections.Frozen;
using System.Collections.Immutable;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Syntax;

/// <summary>Flags as they are written (RFC 9051 §2.3.2), and the bits that some of them have in the store.</summary>
internal static class FlagNames
{
    /// <summary>In the order in which they are told.</summary>
    public static readonly ImmutableArray<(string Name, MessageFlags Flag)> All =
    [
        (@"\Answered", MessageFlags.Answered),
        (@"\Flagged", MessageFlags.Flagged),
        (@"\Deleted", MessageFlags.Deleted),
        (@"\Seen", MessageFlags.Seen),
        (@"\Draft", MessageFlags.Draft),
        ("$Forwarded", MessageFlags.Forwarded),
        ("$MDNSent", MessageFlags.MdnSent),
        ("$Junk", MessageFlags.Junk),
        ("$NotJunk", MessageFlags.NotJunk),
        ("$Phishing", MessageFlags.Phishing),
    ];

    private static readonly FrozenDictionary<string, MessageFlags> ByName =
        All.ToFrozenDictionary(flag => flag.Name, flag => flag.Flag, StringComparer.OrdinalIgnoreCase);

    public static MessageFlags Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>False where one is a system flag that there is not; <c>\Recent</c> is nobody's to set, so it is left out.</summary>
    public static bool TrySplit(
        ImmutableArray<string> names, out MessageFlags flags, out ImmutableArray<string> keywords, out string unknown)
    {
        flags = MessageFlags.None;
        unknown = "";
        var others = ImmutableArray.CreateBuilder<string>();
        foreach (var name in names)
        {
            if (Find(name) is var flag && flag != MessageFlags.None)
            {
                flags |= flag;
            }
            else if (!name.StartsWith('\\'))
            {
                others.Add(name);
            }
            else if (!name.Equals(@"\Recent", StringComparison.OrdinalIgnoreCase))
            {
                unknown = name;
            }
        }

        keywords = others.DrainToImmutable();
        return unknown.Length == 0;
    }
}
