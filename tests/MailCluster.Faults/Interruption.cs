using System.ComponentModel;
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
    private const int ExitCode = 130; // as of a shell's job that was interrupted

    private const int Rounds = 10;

    private readonly PosixSignalRegistration[] _signals =
    [
        .. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(signal => PosixSignalRegistration.Create(signal, _ => End())),
    ];

    public void Dispose() => Array.ForEach(_signals, signal => signal.Dispose());

    /// <summary>Some rounds, for a scenario may start one more meanwhile.</summary>
    private static void End()
    {
        for (var i = 0; i < Rounds && Children() is { Count: > 0 } children; i++)
        {
            children.ForEach(Kill);
        }

        Environment.Exit(ExitCode);
    }

    private static void Kill(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill(entireProcessTree: true);
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended by itself, or the next round comes to it.
        }
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
