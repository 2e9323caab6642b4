using Serilog.Events;

namespace MailCluster.Node.Configuration;

internal enum LogFormat
{
    /// <summary>One readable line for each event.</summary>
    Text,

    /// <summary>One compact JSON object for each event.</summary>
    Json,
}

/// <summary>What is logged, and how it looks.</summary>
internal sealed record LoggingSection
{
    public LogFormat Format { get; init; } = LogFormat.Text;

    public LogEventLevel Level { get; init; } = LogEventLevel.Information;

    /// <summary>For the actor system's own messages, which tell a mail operator little.</summary>
    public LogEventLevel AkkaLevel { get; init; } = LogEventLevel.Warning;

    public static LoggingSection Read(SettingsReader settings)
    {
        var fallback = new LoggingSection();
        return new()
        {
            Format = settings.Read("Logging:Format", SettingKinds.OneOf<LogFormat>(), fallback.Format),
            Level = settings.Read("Logging:Level", SettingKinds.OneOf<LogEventLevel>(), fallback.Level),
            AkkaLevel = settings.Read("Logging:AkkaLevel", SettingKinds.OneOf<LogEventLevel>(), fallback.AkkaLevel),
        };
    }
}
