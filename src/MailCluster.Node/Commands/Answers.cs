using System.Globalization;
using System.Text.Json;
using MailCluster.Node.Http;

namespace MailCluster.Node.Commands;

/// <summary>How commands answer: a line or a table for people, JSON for programs.</summary>
internal static class Answers
{
    private static readonly JsonSerializerOptions Indented = new(MailClusterApi.Json) { WriteIndented = true };

    public static void WriteJson<T>(this Terminal terminal, T value) =>
        terminal.Output.WriteLine(JsonSerializer.Serialize(value, Indented));

    /// <summary>The same in every command, so that scripts can sort and compare it.</summary>
    public static string WriteTime(DateTimeOffset? time) =>
        time is { } some ? some.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) : "-";
}
