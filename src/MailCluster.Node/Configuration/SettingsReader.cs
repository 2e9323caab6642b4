using System.Collections.Immutable;
using System.Globalization;

namespace MailCluster.Node.Configuration;

/// <summary>
/// Reads settings by key, one after the other, and keeps what it read: whoever reads all of them has declared all of
/// them, and what is left over in the configuration is a mistake.
/// </summary>
/// <param name="values">All sources, one over the other.</param>
/// <param name="example">Those of <paramref name="values"/> that count as defaults.</param>
internal sealed class SettingsReader(IConfiguration values, IReadOnlyDictionary<string, string?> example)
{
    private readonly List<EffectiveSetting> _effective = [];
    private readonly HashSet<string> _declared = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Every setting that was asked for, in the order of asking.</summary>
    public ImmutableArray<EffectiveSetting> Effective => [.. _effective];

    /// <exception cref="ConfigurationException">The value is not allowed.</exception>
    public T Read<T>(string key, SettingKind<T> kind, T fallback)
    {
        _declared.Add(key);
        var text = values[key];
        var value = text is null ? fallback : Parse(key, text, kind);
        _effective.Add(new EffectiveSetting(key, kind.Write(value), kind.Allowed, IsDefault(key, text)));
        return value;
    }

    /// <summary>A setting that has no default.</summary>
    /// <exception cref="ConfigurationException">The value is missing or not allowed.</exception>
    public T ReadRequired<T>(string key, SettingKind<T> kind)
    {
        _declared.Add(key);
        var value = Parse(key, values[key], kind);
        _effective.Add(new EffectiveSetting(key, kind.Write(value), kind.Allowed, IsDefault(key, values[key])));
        return value;
    }

    /// <summary>
    /// A list: an array in the file, or one text with commas, which wins since only a later source has it.
    /// </summary>
    /// <exception cref="ConfigurationException">A value is not allowed.</exception>
    public ImmutableArray<T> ReadList<T>(string key, SettingKind<T> kind, ImmutableArray<T> fallback)
    {
        _declared.Add(key);
        var items = ReadItems(key);
        var list = items is null ? fallback : [.. items.Select(item => Parse(item.Key, item.Text, kind))];
        var shown = string.Join(", ", list.Select(kind.Write));
        _effective.Add(new EffectiveSetting(key, shown, $"a list, each {kind.Allowed}", IsDefault: items is null));
        return list;
    }

    /// <summary>The names below a key: of an object its keys, of an array its numbers.</summary>
    public ImmutableArray<string> Children(string key) =>
        [.. values.GetSection(key).GetChildren().Select(child => child.Key)];

    /// <exception cref="ConfigurationException">The configuration has a key that nobody asked for.</exception>
    public void RefuseUnknown()
    {
        foreach (var (key, value) in values.AsEnumerable())
        {
            var isSection = value is null && (values.GetSection(key).GetChildren().Any() || IsAboveDeclared(key));
            if (!isSection && !_declared.Contains(key))
            {
                throw ConfigurationException.Of(key, value, $"no such setting{Suggest(key)}");
            }
        }
    }

    private bool IsDefault(string key, string? text) =>
        text is null || (example.TryGetValue(key, out var fallback) && fallback == text);

    private IEnumerable<(string Key, string? Text)>? ReadItems(string key)
    {
        var children = values.GetSection(key).GetChildren().ToArray();
        foreach (var child in children)
        {
            if (int.TryParse(child.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                _declared.Add($"{key}:{child.Key}");
            }
        }

        if (values[key] is { } text)
        {
            return text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(item => (key, (string?)item));
        }

        return children.Length == 0 ? null : children.Select(child => ($"{key}:{child.Key}", child.Value));
    }

    private static T Parse<T>(string key, string? text, SettingKind<T> kind) =>
        text is not null && kind.TryParse(text.Trim(), out var value)
            ? value
            : throw ConfigurationException.Of(key, text, kind.Allowed);

    private bool IsAboveDeclared(string key) =>
        _declared.Any(declared => declared.StartsWith(key + ":", StringComparison.OrdinalIgnoreCase));

    private string Suggest(string key)
    {
        const int maxDistance = 3;
        var nearest = _declared.MinBy(declared => EditDistance.Between(key, declared));
        return nearest is not null && EditDistance.Between(key, nearest) <= maxDistance
            ? $"; did you mean {nearest}?"
            : "";
    }
}

/// <summary>One setting as it is in force, for those who ask what the node runs with.</summary>
internal sealed record EffectiveSetting(string Key, string Value, string Allowed, bool IsDefault);
