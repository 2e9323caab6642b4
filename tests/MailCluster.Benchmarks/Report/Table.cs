namespace MailCluster.Benchmarks.Report;

/// <summary>The one table that all is printed in, as Markdown; a row is also said as soon as it is known.</summary>
internal sealed class Table(params string[] heading)
{
    private readonly List<string[]> _rows = [];

    public void Add(params string[] cells)
    {
        string[] row = [.. cells, .. Enumerable.Repeat("", heading.Length - cells.Length)];
        _rows.Add(row);
        Console.Error.WriteLine($"# {string.Join(" | ", cells)}");
    }

    public void Print()
    {
        var widths = heading.Select((title, i) => _rows.Append(heading).Max(row => row[i].Length)).ToArray();
        PrintRow(heading, widths);
        PrintRow([.. widths.Select(w => new string('-', w))], widths);
        _rows.ForEach(row => PrintRow(row, widths));
    }

    private static void PrintRow(string[] cells, int[] widths) =>
        Console.WriteLine($"| {string.Join(" | ", cells.Select((cell, i) => cell.PadRight(widths[i])))} |");
}
