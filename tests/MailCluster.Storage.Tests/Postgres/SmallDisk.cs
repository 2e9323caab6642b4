using System.Diagnostics;
using MailCluster.Mail.Identity;
using MailCluster.Storage.Tests.Contract;
using MailCluster.Testing;

namespace MailCluster.Storage.Tests.Postgres;

/// <summary>A server whose tables are on a disk of 96 MiB. Senders hear that it is full, and mail flows again when there is room.</summary>
public sealed class SmallDisk : PostgresTest, IAsyncLifetime
{
    private readonly string _disk = System.IO.Directory.CreateTempSubdirectory("mailcluster-disk-").FullName;
    private PostgresServer? _server;

    async Task IAsyncLifetime.DisposeAsync()
    {
        await DisposeAsync();
        if (_server is not null)
        {
            await _server.DisposeAsync();
            await RunAsync("umount", _disk);
        }

        System.IO.Directory.Delete(_disk, recursive: true);
    }

    [SkippableFact]
    public async Task A_full_disk_is_told_and_leaves_nothing_by_halves_and_room_makes_it_good_again()
    {
        var account = await AddAccountAsync("bob@hamburger.edu");
        var kept = await SpoolAsync(Octets(100_000));
        var ballast = Path.Combine(_disk, "ballast");
        await FillAsync(ballast);
        var ids = new List<BodyId>();
        var refusal = await Assert.ThrowsAsync<StorageException>(async () =>
        {
            for (var i = 0; ; i++)
            {
                var id = NewBody();
                await SpoolAsync(id, Octets(500_000, i));
                ids.Add(id);
            }
        });
        Assert.True(refusal.IsFull, refusal.Message);
        Assert.Equal(Octets(100_000), await ReadAsync(kept));
        for (var i = 0; i < ids.Count; i++)
        {
            Assert.Equal(Octets(500_000, i), await ReadAsync(ids[i]));
        }

        await AssertWholeAsync();
        File.Delete(ballast);
        var after = await SpoolAsync(Octets(500_000));
        Assert.Equal(Octets(500_000), await ReadAsync(after));
        await StoreAsync(account, Copy(after));
        await AssertWholeAsync();
        Assert.Equal(0, await SqlAsync<long>("SELECT count(*) FROM body WHERE state = 0"));
    }

    protected override async Task<ITestStorage> OpenAsync(TimeProvider time)
    {
        Skip.If(PostgresServer.Missing is not null, PostgresServer.Missing);
        Skip.IfNot(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "only root can mount a small disk");
        await RunAsync("mount", "-t", "tmpfs", "-o", "size=96m", "none", _disk);
        // The server wants its folder for itself, and the disk has the ballast beside it.
        _server = await PostgresServer.StartInAsync(Path.Combine(_disk, "data"), "fsync=off");
        await RunAsync("chmod", "755", _disk);
        return await PostgresTestStorage.OpenOnAsync(_server, time);
    }

    /// <summary>Leaves room for some bodies only.</summary>
    private async Task FillAsync(string file)
    {
        var room = new DriveInfo(_disk).AvailableFreeSpace - (8 << 20);
        Assert.True(room > 0, "the small disk is too small for the server");
        await using var ballast = File.Create(file);
        var zeros = new byte[1 << 20];
        for (; room > zeros.Length; room -= zeros.Length)
        {
            await ballast.WriteAsync(zeros);
        }
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }
}
