using System.Collections.Immutable;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Storage.Mailboxes;

/// <summary>Folders of others.</summary>
internal sealed partial class SqlFolderReader
{
    public Task<ImmutableArray<SharedFolder>> ListSharedAsync(AccountId asker, CancellationToken cancellation) =>
        ReadAccessAsync(asker, static (access, asker) => access.Shared(asker), cancellation);

    public Task<Folder?> FindSharedAsync(
        AccountId owner, AccountId asker, FolderName name, CancellationToken cancellation) =>
        ReadAccessAsync(
            (owner, asker, name), static (access, key) => access.Find(key.owner, key.asker, key.name), cancellation);

    public Task<OpenedFolder?> OpenSharedAsync(
        AccountId owner, AccountId asker, FolderName name, CancellationToken cancellation) =>
        ReadAccessAsync(
            (owner, asker, name), static (access, key) => access.Open(key.owner, key.asker, key.name), cancellation);

    public Task<FolderRights> GetSharedRightsAsync(FolderId folder, AccountId asker, CancellationToken cancellation) =>
        ReadAccessAsync((folder, asker), static (access, key) => access.Rights(key.folder, key.asker), cancellation);

    public Task<ImmutableArray<AccessEntry>> ListAccessAsync(FolderId folder, CancellationToken cancellation) =>
        ReadAccessAsync(folder, static (access, folder) => access.Entries(folder), cancellation);

    private Task<TResult> ReadAccessAsync<TState, TResult>(
        TState state, Func<AccessQueries, TState, TResult> query, CancellationToken cancellation) => Task.Run(
        () => reads.ReadAsync(
            (state, query), static (queries, work) => work.query(queries.Access, work.state), cancellation),
        cancellation);
}
