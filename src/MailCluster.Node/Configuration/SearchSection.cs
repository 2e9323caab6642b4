using MailCluster.Mail.Search;

namespace MailCluster.Node.Configuration;

/// <summary>Search for words in messages: how much of each can be found, and what indexing may take.</summary>
internal sealed record SearchSection
{
    /// <summary>Of what is indexed from then on: what is indexed already stays as it is.</summary>
    public SearchLimits Limits { get; init; } = SearchLimits.Default;

    /// <summary>Of the mail database's writer while deliveries and changes wait for it; 0 for none.</summary>
    public double IndexingShare { get; init; } = 0.2;

    public static SearchSection Read(SettingsReader settings)
    {
        var fallback = new SearchSection();
        return new()
        {
            Limits = new SearchLimits
            {
                MaxTextOctets = (int)settings.Read(
                    "Search:MaxTextSize", SettingKinds.Size("1MiB", "1KB", "4MiB"), fallback.Limits.MaxTextOctets),
                MaxHeaderOctets = (int)settings.Read(
                    "Search:MaxHeaderSize", SettingKinds.Size("256KiB", "1KB", "4MiB"), fallback.Limits.MaxHeaderOctets),
                MaxParts = settings.Read("Search:MaxParts", SettingKinds.Count(1, 100_000), fallback.Limits.MaxParts),
                MaxDepth = settings.Read("Search:MaxDepth", SettingKinds.Count(1, 100), fallback.Limits.MaxDepth),
            },
            IndexingShare = settings.Read("Search:IndexingShare", SettingKinds.Percentage(100), fallback.IndexingShare),
        };
    }
}
