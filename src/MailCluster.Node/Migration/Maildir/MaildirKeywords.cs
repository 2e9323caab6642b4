using System.Globalization;
using System.Text;
using MailCluster.Imap.Syntax;

namespace MailCluster.Node.Migration.Maildir;

/// <summary>
/// The keywords of a folder's letters a to z, in Dovecot's file <c>dovecot-keywords</c>: a line "number keyword" for each.
/// </summary>
internal sealed class MaildirKeywords
{
    public const string FileName = "dovecot-keywords";

    /// <summary>Letters, and no more keywords than that.</summary>
    public const int Most = 26;

    /// <summary>Octets of a file that is read; it has a line for each of 26 letters.</summary>
    private const long LargestFile = 64 * 1024;

    private readonly string?[] _keywords = new string?[Most];

    public static MaildirKeywords Read(string folder)
    {
        var keywords = new MaildirKeywords();
        var file = new FileInfo(Path.Combine(folder, FileName));
        if (!file.Exists || file.LinkTarget is not null || file.Length > LargestFile)
        {
            return keywords;
        }

        foreach (var line in File.ReadLines(file.FullName, Encoding.UTF8))
        {
            if (line.Split(' ', 2) is [var number, var keyword]
                && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < Most
                && FlagText.TryParse($"({keyword})", out _, out _))
            {
                keywords._keywords[index] = keyword;
            }
        }

        return keywords;
    }

    public string? Find(char letter) => _keywords[letter - 'a'];

    /// <summary>The keyword's letter, a new one where it has none; null where all are taken.</summary>
    public char? Letter(string keyword)
    {
        var index = Array.FindIndex(
            _keywords, known => string.Equals(known, keyword, StringComparison.OrdinalIgnoreCase));
        index = index >= 0 ? index : Array.IndexOf(_keywords, null);
        if (index < 0)
        {
            return null;
        }

        _keywords[index] ??= keyword;
        return (char)('a' + index);
    }

    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(string folder)
    {
        var lines = _keywords.Index().Where(known => known.Item is not null)
            .Select(known => string.Create(CultureInfo.InvariantCulture, $"{known.Index} {known.Item}\n"));
        var text = string.Concat(lines);
        if (text.Length > 0)
        {
            File.WriteAllText(Path.Combine(folder, FileName), text);
        }
    }
}
