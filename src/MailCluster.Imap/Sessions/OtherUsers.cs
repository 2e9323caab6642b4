using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Sessions;

/// <summary>
/// Where the folders of others stand (RFC 2342 §5): "Other Users/", their address, and their own name of the folder.
/// </summary>
internal static class OtherUsers
{
    public const string Root = "Other Users";

    public const string Prefix = "Other Users/";

    /// <summary>The address in a name: a separator would end it, and the escape must stay one.</summary>
    public static string PrefixOf(string address) => Prefix
        + address.Replace("=", "=3D", StringComparison.Ordinal).Replace("/", "=2F", StringComparison.Ordinal) + "/";

    public static FolderName NameOf(string address, FolderName name) => FolderName.OfStored(PrefixOf(address) + name.Text);

    /// <summary>One's own folders cannot have such a name.</summary>
    public static bool IsReserved(string name) => name == Root || name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Of a reserved name: the owner's address, and the owner's name of the folder, which may be empty.</summary>
    public static (string Address, string Name) Split(string name)
    {
        var rest = name.Length > Prefix.Length ? name[Prefix.Length..] : "";
        var end = rest.IndexOf(FolderName.Separator, StringComparison.Ordinal);
        var address = (end < 0 ? rest : rest[..end])
            .Replace("=2F", "/", StringComparison.Ordinal).Replace("=3D", "=", StringComparison.Ordinal);
        return (address, end < 0 ? "" : rest[(end + 1)..]);
    }

    /// <summary>One's own folders and those of others in one list.</summary>
    public static FolderList Together(EffectAnswer.Folders folders) => folders.List with
    {
        Folders =
        [
            .. folders.List.Folders.Where(folder => !IsReserved(folder.Name.Text)),
            .. folders.Shared.Select(shared => shared.Folder with
            {
                Name = NameOf(shared.Address, shared.Folder.Name),
                SpecialUse = null, // of its owner, who alone puts sent mail there
            }),
        ],
    };
}

/// <summary>Whose folder a name means.</summary>
/// <param name="Owner">0 for who is logged in.</param>
/// <param name="Address">Of the owner.</param>
/// <param name="Name">As the owner calls it.</param>
internal readonly record struct FolderPlace(AccountId Owner, string Address, FolderName Name)
{
    /// <summary>As the client calls it.</summary>
    public FolderName Shown => Owner == default ? Name : OtherUsers.NameOf(Address, Name);
}
