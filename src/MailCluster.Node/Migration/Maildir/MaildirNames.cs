using MailCluster.Mail.Mailboxes;

namespace MailCluster.Node.Migration.Maildir;

/// <summary>
/// Names of folders as Maildir++ has them: a dot before each part, in modified UTF-7. A dot within a part is written as
/// Dovecot's listescape does, <c>\2e</c>.
/// </summary>
internal static class MaildirNames
{
    private const char Dot = '.';

    private static readonly (string Character, string Escape)[] Escapes = [(@"\", @"\5c"), (".", @"\2e")];

    /// <summary>The name of a directory such as <c>.Work.2024</c>, without its first dot; null where it is none.</summary>
    public static FolderName? FromDots(string name) => FromParts(name.Split(Dot));

    public static FolderName? FromParts(IEnumerable<string> parts) =>
        FolderName.TryParse(string.Join(FolderName.Separator, parts.Select(Decode)), out var folder) ? folder : null;

    /// <summary>The same without the first dot.</summary>
    public static string ToDots(FolderName name) => string.Join(Dot, name.Text.Split(FolderName.Separator).Select(Encode));

    private static string Encode(string part) => Escapes.Aggregate(
        ModifiedUtf7.Encode(part), (text, escape) => text.Replace(escape.Character, escape.Escape, StringComparison.Ordinal));

    /// <summary>What is no modified UTF-7 is taken as it stands: some programs write UTF-8.</summary>
    private static string Decode(string part)
    {
        var plain = Escapes.Reverse().Aggregate(
            part, (text, escape) => text.Replace(escape.Escape, escape.Character, StringComparison.OrdinalIgnoreCase));
        return ModifiedUtf7.TryDecode(plain, out var decoded) ? decoded : plain;
    }
}
