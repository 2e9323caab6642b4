using MailCluster.Benchmarks.Load;

// proc(5), chown and Postfix are not everywhere.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

namespace MailCluster.Benchmarks;

/// <summary>How much is measured. Disposing of it removes all folders that were made for the servers.</summary>
internal sealed class BenchmarkSettings(bool quick, int rounds) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mailcluster-benchmark-");
    private int _folders;

    /// <summary>The program that is measured: built beside this one, in the same configuration.</summary>
    public string Dll { get; } = Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory.Replace("tests/MailCluster.Benchmarks", "src/MailCluster.Node", StringComparison.Ordinal),
        "MailCluster.Node.dll"));

    public int Rounds { get; } = rounds;

    public int WarmUps => quick ? 1 : 2;

    public int IdleConnections => quick ? 500 : 5000;

    public int QueuedMessages => quick ? 5000 : 100_000;

    public IEnumerable<MailLoad> Loads
    {
        get
        {
            const int KiB = 1024;
            var small = quick ? 2000 : 10_000;
            var big = quick ? 300 : 2000;
            return
            [
                new MailLoad(1 * KiB, 20, small), new MailLoad(1 * KiB, 100, small),
                new MailLoad(100 * KiB, 20, big), new MailLoad(100 * KiB, 100, big),
            ];
        }
    }

    /// <summary>What the folders are on: durability costs nothing on some file systems.</summary>
    public string FileSystem => new DriveInfo(_folder.FullName).DriveFormat;

    /// <summary>A folder of its own for one server, readable by Postfix's user too.</summary>
    public string NewFolder()
    {
        const UnixFileMode Open = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        _folder.UnixFileMode = Open;
        return Directory.CreateDirectory(Path.Combine(_folder.FullName, $"server{++_folders}", "data"), Open).FullName;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
