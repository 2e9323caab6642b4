namespace MailCluster.Faults.Cluster;

/// <summary>A file system of its own, small enough to be filled. Needs root.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private const long Size = 1L << 30;

    private SmallDisk(string folder) => Folder = folder;

    public string Folder { get; }

    private string BallastFile => Path.Combine(Folder, "..", "ballast");

    private string Root { get; init; } = "";

    public static async Task<SmallDisk> MountAsync()
    {
        var root = Directory.CreateTempSubdirectory("mailcluster-disk-").FullName;
        await Shell.RunAsync("mount", "-t", "tmpfs", "-o", $"size={Size},mode=755", "tmpfs", root);
        return new SmallDisk(Path.Combine(root, "data")) { Root = root };
    }

    /// <summary>Takes all but so many octets.</summary>
    public void Fill(long left)
    {
        try
        {
            FillUp(left);
        }
        catch (IOException)
        {
            // Somebody else took the last octets: it is as full as was wanted.
        }
    }

    public void Free() => File.Delete(BallastFile);

    public async ValueTask DisposeAsync()
    {
        await Shell.TryRunAsync("umount", "-l", Root);
        Directory.Delete(Root);
    }

    private void FillUp(long left)
    {
        var free = new DriveInfo(Root).AvailableFreeSpace;
        using var file = new FileStream(BallastFile, FileMode.Create);
        var block = new byte[1 << 20];
        for (var wanted = free - left; wanted > 0; wanted -= block.Length)
        {
            file.Write(block.AsSpan(0, (int)Math.Min(wanted, block.Length)));
        }
    }
}
