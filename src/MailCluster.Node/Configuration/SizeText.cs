using System.Globalization;

namespace MailCluster.Node.Configuration;

/// <summary>Sizes as operators write them: <c>50MB</c>, <c>25MiB</c>, <c>1000</c> for octets.</summary>
internal static class SizeText
{
    private static readonly (string Unit, long Octets)[] Units =
    [
        ("GiB", 1L << 30), ("GB", 1_000_000_000), ("MiB", 1L << 20), ("MB", 1_000_000), ("KiB", 1L << 10),
        ("KB", 1_000), ("", 1),
    ];

    public static bool TryParse(ReadOnlySpan<char> text, out long octets)
    {
        octets = 0;
        var digits = text.IndexOfAnyExceptInRange('0', '9');
        var number = digits < 0 ? text : text[..digits];
        var unit = digits < 0 ? [] : text[digits..].TrimStart();
        if (!long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return false;
        }

        foreach (var (name, size) in Units)
        {
            if (unit.Equals(name, StringComparison.OrdinalIgnoreCase) && count <= long.MaxValue / size)
            {
                octets = count * size;
                return true;
            }
        }

        return false;
    }

    /// <exception cref="FormatException">The text is no size.</exception>
    public static long Parse(string text) =>
        TryParse(text, out var octets) ? octets : throw new FormatException($"'{text}' is not a size.");

    /// <summary>In the largest unit that keeps the number whole.</summary>
    public static string Write(long octets)
    {
        foreach (var (name, size) in Units)
        {
            if (octets >= size && octets % size == 0)
            {
                return (octets / size).ToString(CultureInfo.InvariantCulture) + name;
            }
        }

        return octets.ToString(CultureInfo.InvariantCulture);
    }
}
