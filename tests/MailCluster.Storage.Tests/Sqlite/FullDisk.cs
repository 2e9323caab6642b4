using MailCluster.Mail.Identity;
using MailCluster.Storage.Spool;
using MailCluster.Storage.Sqlite;
using MailCluster.Storage.Tests.Contract;

namespace MailCluster.Storage.Tests.Sqlite;

/// <summary>A disk of 960 KiB. Senders hear that it is full, what is stored stays, and mail flows again when there is room.</summary>
public sealed class FullDisk : IAsyncLifetime
{
    private const int Pages = 30;

    private readonly string _folder = SqliteTestStorage.NewFolder();
    private readonly ManualTime _time = new();
    private MailStorage? _storage;

    public async Task InitializeAsync() => _storage = await SqliteStorage.OpenAsync(
        new SqliteStorageOptions(_folder) { RecentBodyBytes = 0, MaxSpoolPages = Pages }, _time);

    public async Task DisposeAsync()
    {
        await _storage!.DisposeAsync();
        System.IO.Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(60_000)]
    [InlineData(150_000)]
    public async Task A_full_disk_is_told_and_room_makes_it_good_again(int length)
    {
        var ids = new List<BodyId>();
        var refusal = await Assert.ThrowsAsync<StorageException>(async () =>
        {
            while (true)
            {
                ids.Add(await SpoolAsync(length));
            }
        });
        Assert.True(refusal.IsFull);
        Assert.NotEmpty(ids);
        Assert.Equal(ids.Count, (await Spool.ListHeldAsync(0, default)).Count);
        Assert.NotNull(await Spool.OpenAsync(ids[^1], default));

        await Spool.ReleaseAsync([.. ids.Take((ids.Count + 1) / 2)], default);
        await SpoolAsync(length);
    }

    [Fact]
    public async Task A_large_body_that_does_not_fit_leaves_room_for_small_ones_in_its_group()
    {
        var filling = new List<BodyId>();
        while (filling.Count < 10)
        {
            filling.Add(await SpoolAsync(65_000));
        }

        var large = Enumerable.Range(0, 5).Select(_ => SpoolAsync(65_000)).ToArray();
        var small = Enumerable.Range(0, 20).Select(_ => SpoolAsync(500)).ToArray();
        await Task.WhenAll(small);
        var outcomes = await Task.WhenAll(large.Select(IsFullAsync));
        Assert.Contains(true, outcomes);
    }

    private ISpool Spool => _storage!.Spool;

    private static async Task<bool> IsFullAsync(Task spooling)
    {
        try
        {
            await spooling;
            return false;
        }
        catch (StorageException failure)
        {
            Assert.True(failure.IsFull);
            return true;
        }
    }

    private async Task<BodyId> SpoolAsync(int length)
    {
        var id = QueueId.New(0, _time.GetUtcNow()).Body;
        await using var writer = Spool.Create(id);
        await writer.WriteAsync(new byte[length], default);
        await writer.CommitAsync(default);
        return id;
    }
}
