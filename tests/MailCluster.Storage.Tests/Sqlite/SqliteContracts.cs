using MailCluster.Storage.Tests.Contract;

namespace MailCluster.Storage.Tests.Sqlite;

public sealed class SqliteSpool : SpoolContract
{
    protected override async Task<ITestStorage> OpenAsync(TimeProvider time) => await SqliteTestStorage.OpenAsync(time);
}

public sealed class SqliteMailboxes : MailboxContract
{
    protected override async Task<ITestStorage> OpenAsync(TimeProvider time) => await SqliteTestStorage.OpenAsync(time);
}

public sealed class SqliteDirectory : DirectoryContract
{
    protected override async Task<ITestStorage> OpenAsync(TimeProvider time) => await SqliteTestStorage.OpenAsync(time);
}

public sealed class SqliteAnnotations : AnnotationContract
{
    protected override async Task<ITestStorage> OpenAsync(TimeProvider time) => await SqliteTestStorage.OpenAsync(time);
}

public sealed class SqliteFolders : FolderContract
{
    protected override async Task<ITestStorage> OpenAsync(TimeProvider time) => await SqliteTestStorage.OpenAsync(time);
}

public sealed class SqliteTexts : TextContract
{
    protected override async Task<ITestStorage> OpenAsync(TimeProvider time) => await SqliteTestStorage.OpenAsync(time);
}

public sealed class SqliteAccess : AccessContract
{
    protected override async Task<ITestStorage> OpenAsync(TimeProvider time) => await SqliteTestStorage.OpenAsync(time);
}

public sealed class SqliteImports : ImportContract
{
    protected override async Task<ITestStorage> OpenAsync(TimeProvider time) => await SqliteTestStorage.OpenAsync(time);
}
