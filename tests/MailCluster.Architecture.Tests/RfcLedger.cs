using System.Text.RegularExpressions;

namespace MailCluster.Architecture.Tests;

/// <summary>src/README.md says honestly which standards are followed: none is cited in code that is not in its table.</summary>
public sealed partial class RfcLedger
{
    [Fact]
    public void Every_cited_rfc_is_in_the_table()
    {
        var ledger = Numbers(File.ReadAllText(Path.Combine(SourceTree.Root, "src", "README.md"))).ToHashSet();
        var cited = Directory.EnumerateDirectories(Path.Combine(SourceTree.Root, "src"))
            .SelectMany(project => SourceTree.SourceFiles(Path.GetFileName(project)))
            .SelectMany(file => Numbers(File.ReadAllText(file)))
            .ToHashSet();
        Assert.Empty(cited.Except(ledger).Order());
    }

    private static IEnumerable<int> Numbers(string text) =>
        Rfc().Matches(text).Select(m => int.Parse(m.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture));

    [GeneratedRegex(@"RFC (\d{3,4})\b")]
    private static partial Regex Rfc();
}
