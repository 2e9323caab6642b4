using System.Globalization;
using MailCluster.Node.Configuration;
using Serilog;
using Serilog.Configuration;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace MailCluster.Node.Logging;

/// <summary>The program's log, on standard output.</summary>
internal static class Logs
{
    private const string TextTemplate = "{Timestamp:HH:mm:ss.fff} {Level:u3} {Message:lj}{NewLine}{Exception}";

    public static IServiceCollection AddMailClusterLogging(this IServiceCollection services, LoggingSection options) =>
        services.AddSerilog(
            Configure(new LoggerConfiguration(), options, ToConsole(options.Format)).CreateLogger(), dispose: true);

    /// <summary>What is logged; <paramref name="sink"/> says where to.</summary>
    public static LoggerConfiguration Configure(
        LoggerConfiguration logs, LoggingSection options, Action<LoggerSinkConfiguration> sink)
    {
        logs.MinimumLevel.Is(options.Level)
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .Enrich.FromLogContext()
            .Filter.ByExcluding(new AkkaNoise(options.AkkaLevel).Contains);
        sink(logs.WriteTo);
        return logs;
    }

    private static Action<LoggerSinkConfiguration> ToConsole(LogFormat format) => format == LogFormat.Json
        ? sink => sink.Console(new RenderedCompactJsonFormatter())
        : sink => sink.Console(outputTemplate: TextTemplate, formatProvider: CultureInfo.InvariantCulture);
}
