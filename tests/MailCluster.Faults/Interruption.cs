using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace MailCluster.Faults;

/// <summary>
/// Ends what this program has started when it is interrupted: nodes and databases would go on for ever on the addresses that
/// the next run needs. Network namespaces stay until then.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private const int ExitCode = 130; // as of a shell's job that SIGINT has ended

    private readonly PosixSignalRegistration[] _signals =
    [
        .. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(signal => PosixSignalRegistration.Create(signal, _ => End())),
    ];

    public void Dispose() => Array.ForEach(_signals, signal => signal.Dispose());

    private static void End()
    {
        foreach (var child in Children())
        {
            try
            {
                using var process = Process.GetProcessById(child);
                process.Kill(entireProcessTree: true);
            }
            catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
            {
                // It has ended by itself.
            }
        }

        Environment.Exit(ExitCode);
    }

    /// <summary>The fourth word of /proc/PID/stat is the parent; the second one, in parentheses, may hold spaces.</summary>
    private static List<int> Children()
    {
        var children = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) && ParentOf(folder) == Environment.ProcessId)
            {
                children.Add(id);
            }
        }

        return children;
    }

    private static int ParentOf(string folder)
    {
        try
        {
            var stat = File.ReadAllText(Path.Combine(folder, "stat"));
            var words = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return int.Parse(words[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0; // gone meanwhile
        }
    }
}
