using MailCluster.Storage.Tests.Contract;

namespace MailCluster.Storage.Tests.Postgres;

public sealed class PostgresSpool : SpoolContract
{
    protected override async Task<ITestStorage> OpenAsync(TimeProvider time) => await PostgresTestStorage.OpenAsync(time);
}

public sealed class PostgresMailboxes : MailboxContract
{
    // Storing is what takes the time, one trip to the server after the other.
    protected override int LargeInbox => 20_000;

    protected override async Task<ITestStorage> OpenAsync(TimeProvider time) => await PostgresTestStorage.OpenAsync(time);
}

public sealed class PostgresDirectory : DirectoryContract
{
    protected override async Task<ITestStorage> OpenAsync(TimeProvider time) => await PostgresTestStorage.OpenAsync(time);
}

public sealed class PostgresAnnotations : AnnotationContract
{
    protected override async Task<ITestStorage> OpenAsync(TimeProvider time) => await PostgresTestStorage.OpenAsync(time);
}

public sealed class PostgresFolders : FolderContract
{
    protected override async Task<ITestStorage> OpenAsync(TimeProvider time) => await PostgresTestStorage.OpenAsync(time);
}

public sealed class PostgresTexts : TextContract
{
    protected override async Task<ITestStorage> OpenAsync(TimeProvider time) => await PostgresTestStorage.OpenAsync(time);
}

public sealed class PostgresAccess : AccessContract
{
    protected override async Task<ITestStorage> OpenAsync(TimeProvider time) => await PostgresTestStorage.OpenAsync(time);
}

public sealed class PostgresImports : ImportContract
{
    protected override async Task<ITestStorage> OpenAsync(TimeProvider time) => await PostgresTestStorage.OpenAsync(time);
}
