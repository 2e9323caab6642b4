using System.Text;
using MailCluster.Mail.Structure;

namespace MailCluster.Mail.Search;

/// <summary>From the octets of a header to <see cref="SearchableText.Header"/>.</summary>
internal static class HeaderText
{
    public const char LineEnd = '\n';
    private const char Divider = '\t';

    /// <summary>What the header of no fields is, and what each line begins behind.</summary>
    private const string Begin = "\n";

    public static string StartOf(string name) => $"{LineEnd}{name}: ";

    /// <summary>The name in lower case, null where no field can have it (RFC 5322 §3.6.8).</summary>
    public static string? NameOf(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty || name.ContainsAnyExceptInRange('!', '~') || name.Contains(':'))
        {
            return null;
        }

        var lower = new string(name);
#pragma warning disable CA1308 // Names are ASCII and compared in lower case, as their values are.
        return lower.ToLowerInvariant();
#pragma warning restore CA1308
    }

    public static string Of(ReadOnlySpan<byte> octets)
    {
        var lines = new Dictionary<string, StringBuilder>();
        while (!octets.IsEmpty)
        {
            var field = TakeField(ref octets);
            var colon = HeaderFields.FieldNameLength(field);
            var name = colon < 0 ? null : NameOf(Encoding.ASCII.GetString(field[..colon].TrimEnd(" \t"u8)));
            if (name is null)
            {
                continue;
            }

            if (!lines.TryGetValue(name, out var line))
            {
                lines.Add(name, line = new StringBuilder(name).Append(": "));
            }
            else
            {
                line.Append(Divider);
            }

            ComparableText.Append(line, FieldText.Of(name, field[(colon + 1)..]));
        }

        var header = new StringBuilder(Begin);
        foreach (var line in lines.Values)
        {
            header.Append(line).Append(LineEnd);
        }

        return lines.Count == 0 ? "" : header.ToString();
    }

    /// <summary>A line with those that continue it (RFC 5322 §2.2.3).</summary>
    private static ReadOnlySpan<byte> TakeField(ref ReadOnlySpan<byte> octets)
    {
        var end = 0;
        do
        {
            var length = octets[end..].IndexOf((byte)'\n');
            end = length < 0 ? octets.Length : end + length + 1;
        }
        while (end < octets.Length && octets[end] is (byte)' ' or (byte)'\t');

        var field = octets[..end];
        octets = octets[end..];
        return field;
    }
}
