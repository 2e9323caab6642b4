using System.Text;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Syntax;

/// <summary>Rights as letters (RFC 4314 §2.1), with the old "c" and "d", which stand for several (§2.1.1).</summary>
internal static class RightsText
{
    private const FolderRights Create = FolderRights.CreateBelow | FolderRights.DeleteFolder;

    private const FolderRights Delete = FolderRights.Expunge | FolderRights.DeleteMessages;

    private static readonly (char Letter, FolderRights Right)[] Letters =
    [
        ('l', FolderRights.Lookup),
        ('r', FolderRights.Read),
        ('s', FolderRights.KeepSeen),
        ('w', FolderRights.Write),
        ('i', FolderRights.Insert),
        ('p', FolderRights.Post),
        ('k', FolderRights.CreateBelow),
        ('x', FolderRights.DeleteFolder),
        ('t', FolderRights.DeleteMessages),
        ('e', FolderRights.Expunge),
        ('a', FolderRights.Administer),
    ];

    /// <summary>The letters, and behind them the old ones of which any member is there.</summary>
    public static string Of(FolderRights rights)
    {
        var text = new StringBuilder();
        foreach (var (letter, right) in Letters)
        {
            text.Append(rights.HasFlag(right) ? letter.ToString() : "");
        }

        return text.Append((rights & Create) != 0 ? "c" : "").Append((rights & Delete) != 0 ? "d" : "").ToString();
    }

    /// <summary>Those that LISTRIGHTS names, each by itself since none is tied to another (RFC 4314 §3.7).</summary>
    public static string Single(FolderRights rights) => string.Join(' ', Of(rights).AsEnumerable());

    /// <summary>The error is for a BAD: a right that is not known must not be passed over (RFC 4314 §3.1).</summary>
    public static bool TryParse(string text, out FolderRights rights, out string error)
    {
        (rights, error) = (FolderRights.None, "");
        foreach (var letter in text)
        {
            var right = letter switch
            {
                'c' => Create,
                'd' => Delete,
                _ => Array.Find(Letters, known => known.Letter == letter).Right,
            };
            if (right == FolderRights.None)
            {
                error = char.IsAsciiLetterUpper(letter) ? "Rights are lower-case letters" : $"There is no right {letter}";
                return false;
            }

            rights |= right;
        }

        return true;
    }
}
