using MailCluster.Mail.Identity;

namespace MailCluster.Mail.Mailboxes;

/// <summary>What somebody may do with a folder and its messages (RFC 4314 §2.1); values are stored.</summary>
[Flags]
public enum FolderRights
{
    None = 0,

    /// <summary>l: sees that it is there.</summary>
    Lookup = 1,

    /// <summary>r: opens it and reads its messages.</summary>
    Read = 2,

    /// <summary>s: changes \Seen.</summary>
    KeepSeen = 4,

    /// <summary>w: changes all other flags but \Deleted.</summary>
    Write = 8,

    /// <summary>i: adds messages.</summary>
    Insert = 16,

    /// <summary>p: sends mail to it; IMAP itself has no use for it.</summary>
    Post = 32,

    /// <summary>k: makes folders below it.</summary>
    CreateBelow = 64,

    /// <summary>x: deletes or renames the folder itself.</summary>
    DeleteFolder = 128,

    /// <summary>t: changes \Deleted.</summary>
    DeleteMessages = 256,

    /// <summary>e: removes what is \Deleted.</summary>
    Expunge = 512,

    /// <summary>a: says who may do what.</summary>
    Administer = 1024,

    All = 2047,

    /// <summary>Nobody takes them from the owner, who could not get them back.</summary>
    AlwaysOfOwner = Lookup | Administer,
}

/// <summary>To whom rights are given, or from whom they are taken (RFC 4314 §2).</summary>
/// <param name="Account">0 for "anyone": all who have logged in.</param>
/// <param name="IsNegative">The rights are taken from what other entries give.</param>
public readonly record struct AccessIdentifier(AccountId Account, bool IsNegative)
{
    public bool IsAnyone => Account == default;
}

/// <summary>One entry of the list of a folder.</summary>
/// <param name="Address">Of the account; empty for anyone.</param>
public sealed record AccessEntry(AccessIdentifier Identifier, string Address, FolderRights Rights);

/// <summary>A folder as somebody sees it who does not own it.</summary>
/// <param name="Address">Of its owner.</param>
/// <param name="Folder">With the owner's name for it, and the rights of who asked.</param>
public sealed record SharedFolder(AccountId Owner, string Address, Folder Folder);

/// <summary>What rights and the entries of a list mean.</summary>
public static class FolderAccess
{
    /// <summary>The flags that may be changed (RFC 4314 §4); keywords go with <see cref="FolderRights.Write"/>.</summary>
    public static MessageFlags ChangeableFlags(this FolderRights rights) =>
        (rights.HasFlag(FolderRights.KeepSeen) ? MessageFlags.Seen : MessageFlags.None)
        | (rights.HasFlag(FolderRights.DeleteMessages) ? MessageFlags.Deleted : MessageFlags.None)
        | (rights.HasFlag(FolderRights.Write) ? ~(MessageFlags.Seen | MessageFlags.Deleted) : MessageFlags.None);

    /// <summary>Whether a STORE asks for any flag that may be changed; a replacement asks for all.</summary>
    public static bool AllowsSome(this FolderRights rights, FlagsChange change)
    {
        var flags = rights.ChangeableFlags();
        var asksNothing = change.Flags == MessageFlags.None && change.Keywords.IsEmpty;
        return change.Action == FlagsAction.Replace || asksNothing
            ? flags != MessageFlags.None
            : (flags & change.Flags) != MessageFlags.None
                || (!change.Keywords.IsEmpty && rights.HasFlag(FolderRights.Write));
    }

    /// <summary>All that is given to the account or to anyone, less what is taken from either.</summary>
    public static FolderRights RightsOf(
        this IEnumerable<(AccessIdentifier Identifier, FolderRights Rights)> entries, AccountId account)
    {
        var (given, taken) = (FolderRights.None, FolderRights.None);
        foreach (var (identifier, rights) in entries)
        {
            if (identifier.IsAnyone || identifier.Account == account)
            {
                given |= identifier.IsNegative ? FolderRights.None : rights;
                taken |= identifier.IsNegative ? rights : FolderRights.None;
            }
        }

        return given & ~taken;
    }

    /// <summary>The owner has all where no entry says otherwise, and some always.</summary>
    public static FolderRights RightsOfOwner(
        this IReadOnlyCollection<(AccessIdentifier Identifier, FolderRights Rights)> entries, AccountId owner)
    {
        var own = new AccessIdentifier(owner, IsNegative: false);
        var all = entries.Any(entry => entry.Identifier == own) ? entries : entries.Append((own, FolderRights.All));
        return all.RightsOf(owner) | FolderRights.AlwaysOfOwner;
    }
}
