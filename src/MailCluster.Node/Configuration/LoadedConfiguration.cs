using System.Collections.Immutable;
using System.Text.Json;

namespace MailCluster.Node.Configuration;

/// <summary>The options in force, and where they come from.</summary>
/// <param name="Options">Typed, checked.</param>
/// <param name="Settings">The same as keys and texts.</param>
/// <param name="File">The file that was read, or null.</param>
internal sealed record LoadedConfiguration(
    MailClusterOptions Options, ImmutableArray<EffectiveSetting> Settings, string? File)
{
    private const string FileName = "mailcluster.json";
    private const string SystemFile = "/etc/mailcluster/mailcluster.json";

    /// <exception cref="ConfigurationException">Anything is wrong; the message says what in one line.</exception>
    public static LoadedConfiguration Load(ConfigurationSources sources)
    {
        var environment = sources.EnvironmentSettings();
        var commandLine = sources.CommandLineSettings();
        var file = ChooseFile(sources.File, environment, commandLine);
        var fromFile = file is null ? new ConfigurationBuilder().Build() : ReadFile(file);

        // A file that names listeners names all of them; one that does not leaves the example's in force.
        var example = fromFile.GetSection("Listeners").Exists() ? [] : ListenerSection.ExampleSettings();
        var values = new ConfigurationBuilder()
            .AddInMemoryCollection(example)
            .AddInMemoryCollection(fromFile.AsEnumerable())
            .AddInMemoryCollection(environment)
            .AddInMemoryCollection(commandLine)
            .Build();
        var reader = new SettingsReader(values, example);
        return new LoadedConfiguration(MailClusterOptions.Read(reader), reader.Effective, file);
    }

    private static string? ChooseFile(
        string? named, Dictionary<string, string?> environment, Dictionary<string, string?> commandLine)
    {
        if (named is not null)
        {
            return System.IO.File.Exists(named)
                ? Path.GetFullPath(named)
                : throw new ConfigurationException($"--config \"{named}\": the path of a file that exists");
        }

        var folder = commandLine.GetValueOrDefault(NodeSection.DataFolderKey)
            ?? environment.GetValueOrDefault(NodeSection.DataFolderKey)
            ?? new NodeSection().DataFolder;
        string[] places = [Path.Combine(folder, FileName), SystemFile];
        return Array.Find(places, System.IO.File.Exists);
    }

    private static IConfigurationRoot ReadFile(string path)
    {
        try
        {
            // From a stream of our own: the file provider of the framework looks away from files that begin with a dot.
            using var stream = System.IO.File.OpenRead(path);
            return new ConfigurationBuilder().AddJsonStream(stream).Build();
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{path}: a file that can be read: {failed.Message}");
        }
        catch (FormatException failed)
        {
            var line = failed.InnerException is JsonException { LineNumber: { } number } ? $" (line {number + 1})" : "";
            throw new ConfigurationException(
                $"{path}: not valid JSON{line}: {OneLine(failed.InnerException ?? failed)}");
        }
        catch (JsonException failed)
        {
            throw new ConfigurationException(
                $"{path}: not valid JSON (line {failed.LineNumber + 1}): {OneLine(failed)}");
        }
    }

    private static string OneLine(Exception failed) => failed.Message.ReplaceLineEndings(" ");
}
