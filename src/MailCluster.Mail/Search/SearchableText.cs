using System.Text;
using MailCluster.Mail.Structure;

namespace MailCluster.Mail.Search;

/// <summary>
/// What SEARCH finds in a message, ready to be compared (<see cref="ComparableText"/>). Immutable.
/// </summary>
/// <param name="Header">
/// A line feed, then a line for each name of a field: the name in lower case, ": ", and the decoded texts of all fields of
/// that name, with tabs between them. So the database can tell one field from another.
/// </param>
/// <param name="Body">
/// The text of text/plain and text/html parts, of embedded messages too, with a few of their fields. Attachments' text is
/// left out. A line feed ends each part.
/// </param>
public sealed record SearchableText(string Header, string Body)
{
    public static SearchableText Empty { get; } = new("", "");

    /// <summary>
    /// Reads a message once, from where the stream stands. Any octets at all are a message; memory is bounded by the
    /// limits, time by the size. The stream stays the caller's.
    /// </summary>
    public static async Task<SearchableText> ReadAsync(
        Stream message, SearchLimits? limits = null, CancellationToken cancellation = default)
    {
        limits ??= SearchLimits.Default;
        var text = new TextCollector(limits);
        var structure = new StructureLimits
        {
            MaxParts = limits.MaxParts,
            MaxDepth = limits.MaxDepth,
            MaxPreviewOctets = 0,
        };
        await MessageStructureReader.ReadAsync(message, new StructureScanner(structure, text), cancellation)
            .ConfigureAwait(false);
        return text.Complete();
    }

    /// <summary>Header lines that stand alone, such as the prefix of a stored message.</summary>
    public static SearchableText OfHeader(string lines) => new(HeaderText.Of(Encoding.UTF8.GetBytes(lines)), "");
}
