namespace MailCluster.Node.Configuration;

/// <summary>
/// The configuration is wrong. The message is one line for the operator: the key, its value, and what is allowed. The
/// start is refused with it.
/// </summary>
internal sealed class ConfigurationException(string message) : Exception(message)
{
    private const int MaxShownLength = 100;

    public static ConfigurationException Of(string key, string? value, string allowed) =>
        new($"{key} = {Show(key, value)}: {allowed}");

    /// <summary>
    /// A value as one short line; never one that may be a password, which somebody put where a file belongs.
    /// </summary>
    private static string Show(string key, string? value)
    {
        if (value is null)
        {
            return "null";
        }

        var name = key[(key.LastIndexOf(':') + 1)..];
        var mayBeSecret = name.Contains("password", StringComparison.OrdinalIgnoreCase)
            || name.Contains("connectionstring", StringComparison.OrdinalIgnoreCase);
        if (mayBeSecret && !name.EndsWith("File", StringComparison.OrdinalIgnoreCase))
        {
            return "(hidden)";
        }

        var shown = value.Length > MaxShownLength ? value[..MaxShownLength] + "..." : value;
        return $"\"{string.Concat(shown.Select(c => char.IsControl(c) ? ' ' : c))}\"";
    }
}
