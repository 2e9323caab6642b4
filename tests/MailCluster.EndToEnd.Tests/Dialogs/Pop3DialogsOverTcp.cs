using System.Text.RegularExpressions;
using MailCluster.EndToEnd.Tests.Fakes;

namespace MailCluster.EndToEnd.Tests.Dialogs;

/// <summary>
/// The dialogues of the POP3 session's tests, unchanged, with a running node. What is <c>uid-10</c> there is whatever
/// unique-id the node gave, the same each time.
/// </summary>
public sealed partial class Pop3DialogsOverTcp(Pop3DialogNodes nodes) : IClassFixture<Pop3DialogNodes>
{
    /// <summary>What a session by itself has no channel for, and so does not offer.</summary>
    private const string MoreUnderTls = "SCRAM-SHA-256-PLUS ";

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Pop3Dialogs");

    private readonly Dictionary<string, string> _uniqueIds = [];

    public static TheoryData<string> Names =>
        [.. Directory.EnumerateFiles(Folder, "*.txt").Select(f => Path.GetFileNameWithoutExtension(f)!).Order()];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Answers_are_the_same_over_tcp(string name)
    {
        var lines = await File.ReadAllLinesAsync(Path.Combine(Folder, name + ".txt"));
        using var client = await nodes.ConnectAsync(plaintext: !lines.Contains("@ noplaintext"));
        var said = "";
        foreach (var line in lines)
        {
            var text = line.Length > 3 ? line[3..] : "";
            if (line.StartsWith("C:", StringComparison.Ordinal))
            {
                said = text;
                await client.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text + "\r\n"));
            }
            else if (line.StartsWith("S:", StringComparison.Ordinal))
            {
                var answer = await client.ReadLineAsync().OrSay(() => $"{name}: {text}");
                Assert.True(answer is not null && Fits(text, answer), $"{name}: expected {text}, but was {answer}");
                if (said == "STLS" && answer.StartsWith("+OK", StringComparison.Ordinal))
                {
                    await client.StartTlsAsync();
                }
            }
        }
    }

    private bool Fits(string pattern, string line)
    {
        line = line.Replace(MoreUnderTls, "", StringComparison.Ordinal);
        if (UniqueId().Match(pattern) is { Success: true } symbol)
        {
            var real = line[(line.LastIndexOf(' ') + 1)..];
            _uniqueIds.TryAdd(symbol.Value, real);
            Assert.Equal(_uniqueIds.Count, _uniqueIds.Values.Distinct().Count());
            pattern = pattern.Replace(symbol.Value, _uniqueIds[symbol.Value], StringComparison.Ordinal);
        }

        return Regex.IsMatch(line, "^" + Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal) + "$");
    }

    [GeneratedRegex(@"uid-\d+")]
    private static partial Regex UniqueId();
}
