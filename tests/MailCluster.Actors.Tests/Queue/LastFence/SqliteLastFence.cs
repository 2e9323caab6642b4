using Akka.Hosting;
using MailCluster.Actors.Hosting;
using MailCluster.Storage.Sqlite;

namespace MailCluster.Actors.Tests.Queue.LastFence;

public sealed class SqliteLastFence : LastFenceContract
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mailcluster-fence-").FullName;
    private SqliteJournalFiles? _files;

    public override Task InitializeAsync()
    {
        _files = SqliteJournalFiles.Prepare(_folder);
        return Task.CompletedTask;
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private protected override void AddJournal(AkkaConfigurationBuilder akka) =>
        akka.WithSqliteJournal(_files!.JournalConnectionString, _files.SnapshotConnectionString);
}
