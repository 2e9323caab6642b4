using MailCluster.Storage.Tests.Contract;

namespace MailCluster.Storage.Tests.Postgres;

public sealed class PostgresSpool : SpoolContract
{
    protected override async Task<ITestStorage> OpenAsync(TimeProvider time) => await PostgresTestStorage.OpenAsync(time);
}

public sealed class PostgresMailboxes : MailboxContract
{
    protected override async Task<ITestStorage> OpenAsync(TimeProvider time) => await PostgresTestStorage.OpenAsync(time);
}

public sealed class PostgresDirectory : DirectoryContract
{
    protected override async Task<ITestStorage> OpenAsync(TimeProvider time) => await PostgresTestStorage.OpenAsync(time);
}
