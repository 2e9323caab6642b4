using System.Collections.Immutable;

namespace MailCluster.Node.Configuration;

/// <summary>Where settings come from; what comes later wins: file, environment, command line.</summary>
internal sealed record ConfigurationSources
{
    /// <summary>Settings in the environment look like <c>MAILCLUSTER__SMTP__MAXERRORS</c>.</summary>
    public const string EnvironmentPrefix = "MAILCLUSTER__";

    /// <summary>
    /// The file that <c>--config</c> names; else the first that exists of the default places, or none.
    /// </summary>
    public string? File { get; init; }

    /// <summary>What <c>--data</c> says.</summary>
    public string? DataFolder { get; init; }

    /// <summary>What <c>--set</c> says, each as <c>key=value</c>.</summary>
    public ImmutableArray<string> Assignments { get; init; } = [];

    public IReadOnlyDictionary<string, string> Environment { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The environment of this process.</summary>
    public static IReadOnlyDictionary<string, string> ProcessEnvironment() =>
        System.Environment.GetEnvironmentVariables()
            .Cast<System.Collections.DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "", StringComparer.Ordinal);

    /// <exception cref="ConfigurationException">An assignment is none.</exception>
    public Dictionary<string, string?> CommandLineSettings()
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var assignment in Assignments)
        {
            var (key, value) = assignment.IndexOf('=', StringComparison.Ordinal) is > 0 and var end
                ? (assignment[..end].Trim(), assignment[(end + 1)..].Trim())
                : throw new ConfigurationException(
                    $"--set \"{assignment}\": a key and a value such as Smtp:MaxErrors=5");
            settings[key] = value;
        }

        if (DataFolder is not null)
        {
            settings[NodeSection.DataFolderKey] = DataFolder;
        }

        return settings;
    }

    public Dictionary<string, string?> EnvironmentSettings()
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in Environment)
        {
            if (name.StartsWith(EnvironmentPrefix, StringComparison.OrdinalIgnoreCase))
            {
                settings[name[EnvironmentPrefix.Length..].Replace("__", ":", StringComparison.Ordinal)] = value;
            }
        }

        return settings;
    }
}
