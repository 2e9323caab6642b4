using System.Globalization;
using MailCluster.Node.Commands;

namespace MailCluster.Node.Migration;

/// <summary>What became of all folders: as it happens a line for each message that is left out, at the end a table.</summary>
/// <param name="done">What has been done with a message that went well.</param>
internal sealed class MigrationReport(string done, Terminal terminal, ProgressView progress)
{
    private readonly List<FolderTally> _tallies = [];

    /// <summary>Nothing was left out.</summary>
    public bool IsComplete => _tallies.All(tally => tally.IsComplete);

    public FolderTally Begin(string folder)
    {
        var tally = new FolderTally(PlainText.Of(folder));
        _tallies.Add(tally);
        return tally;
    }

    public void Tell(string message, string reason)
    {
        progress.Clear();
        terminal.Error.WriteLine($"{PlainText.Of(message)}: {PlainText.Of(reason)}");
    }

    public void Write()
    {
        progress.Clear();
        var table = new TextTable(
            "FOLDER", done, "ALREADY THERE", "TOO LARGE", "OVER QUOTA", "UNREADABLE", "WITHOUT KEYWORDS");
        foreach (var tally in _tallies)
        {
            long[] counts =
            [
                tally.Done, tally.AlreadyThere, tally.TooLarge, tally.OverQuota, tally.Unreadable, tally.WithoutKeywords,
            ];
            table.Add([tally.Folder, .. counts.Select(count => count.ToString(CultureInfo.InvariantCulture))]);
        }

        table.Write(terminal.Output);
    }
}
