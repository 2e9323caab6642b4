using System.Globalization;

namespace MailCluster.Benchmarks.Servers;

/// <summary>What the kernel says of a process and its children, in proc(5).</summary>
internal static class ProcessFigures
{
    private const double TicksPerSecond = 100;
    private const int ParentField = 3;
    private const int FirstTimeField = 13;

    /// <summary>User and system time of the process, its living children, and those that ended.</summary>
    public static TimeSpan ProcessorTime(int id)
    {
        var ticks = Family(id)
            .Sum(stat => stat.Skip(FirstTimeField).Take(4).Sum(t => long.Parse(t, CultureInfo.InvariantCulture)));
        return TimeSpan.FromSeconds(ticks / TicksPerSecond);
    }

    /// <summary>Octets of memory that are its own and present.</summary>
    public static long ResidentMemory(int id) => ReadKibibytes($"/proc/{id}/status", "VmRSS:");

    /// <summary>
    /// Octets of memory of the process and its living children, where what several share is divided by their number.
    /// </summary>
    public static long ProportionalMemory(int id) => Family(id).Sum(stat => ReadProportional(stat[0]));

    private static IEnumerable<string[]> Family(int id) => Directory.EnumerateDirectories("/proc")
        .Select(folder => Path.GetFileName(folder))
        .Where(name => char.IsAsciiDigit(name[0]))
        .Select(ReadStat)
        .Where(stat => stat.Length > FirstTimeField + 3 && (Is(stat[0], id) || Is(stat[ParentField], id)));

    private static long ReadProportional(string id)
    {
        try
        {
            return ReadKibibytes($"/proc/{id}/smaps_rollup", "Pss:");
        }
        catch (IOException)
        {
            // Ended in between.
            return 0;
        }
    }

    /// <summary>The octets that a line of such a file has in KiB.</summary>
    private static long ReadKibibytes(string file, string name)
    {
        var line = File.ReadLines(file).First(l => l.StartsWith(name, StringComparison.Ordinal));
        var figure = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        return long.Parse(figure, CultureInfo.InvariantCulture) * 1024;
    }

    private static bool Is(string field, int id) => field == id.ToString(CultureInfo.InvariantCulture);

    /// <summary>The fields of proc(5)'s stat, without the blanks that a program's name may have; none if it ended.</summary>
    private static string[] ReadStat(string id)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{id}/stat");
            return [id, "name", .. text[(text.LastIndexOf(')') + 2)..].Split(' ')];
        }
        catch (IOException)
        {
            return [];
        }
    }
}
