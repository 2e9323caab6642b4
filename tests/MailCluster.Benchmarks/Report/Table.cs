namespace MailCluster.Benchmarks.Report;

/// <summary>The one table that all is printed in, as Markdown; a row is also said as soon as it is known.</summary>
internal sealed class Table
{
    private static readonly string[] Heading =
    [
        "what", "MailCluster", "Postfix", "ratio, median (range of rounds)", "no server", "CPU s/1000", "of Postfix",
    ];

    private readonly List<string[]> _rows = [];

    public void Add(params string[] cells)
    {
        string[] row = [.. cells, .. Enumerable.Repeat("", Heading.Length - cells.Length)];
        _rows.Add(row);
        Console.Error.WriteLine($"# {string.Join(" | ", cells)}");
    }

    public void Print()
    {
        var widths = Heading.Select((title, i) => _rows.Append(Heading).Max(row => row[i].Length)).ToArray();
        PrintRow(Heading, widths);
        PrintRow([.. widths.Select(w => new string('-', w))], widths);
        _rows.ForEach(row => PrintRow(row, widths));
    }

    private static void PrintRow(string[] cells, int[] widths) =>
        Console.WriteLine($"| {string.Join(" | ", cells.Select((cell, i) => cell.PadRight(widths[i])))} |");
}
