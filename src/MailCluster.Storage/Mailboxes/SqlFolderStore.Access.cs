using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Storage.Mailboxes;

/// <summary>What somebody asks for by name, under the rights of that moment.</summary>
internal sealed partial class SqlFolderStore
{
    public async Task<ChangeResult> ChangeAsAsync(
        AccountId account, AccountId asker, MailboxChange change, CancellationToken cancellation) => change switch
        {
            MailboxChange.CreateFolder c => await WriteAsync(
                asker, (account, c.Name, c.SpecialUse, time.GetUtcNow()), FolderWork.Create, cancellation).ConfigureAwait(false),
            MailboxChange.DeleteFolder c => await DeleteAsync(asker, account, c.Name, cancellation).ConfigureAwait(false),
            MailboxChange.RenameFolder c => await WriteAsync(
                asker, (account, c.From, c.To, time.GetUtcNow()), FolderWork.Rename, cancellation).ConfigureAwait(false),
            MailboxChange.Append c => await WriteAsync(
                asker, (account, c.Folder, (IReadOnlyList<AppendEntry>)c.Entries, time.GetUtcNow()), MessageWork.Append, cancellation)
                .ConfigureAwait(false),
            MailboxChange.StoreFlags c => await WriteAsync(
                asker, (account, c.Folder, c.Uids, c.Change), MessageWork.StoreFlags, cancellation).ConfigureAwait(false),
            MailboxChange.Copy c => await WriteAsync(
                asker, (account, c.From, c.Uids, c.To, false, time.GetUtcNow()), MessageWork.Copy, cancellation)
                .ConfigureAwait(false),
            MailboxChange.Move c => await WriteAsync(
                asker, (account, c.From, c.Uids, c.To, true, time.GetUtcNow()), MessageWork.Copy, cancellation)
                .ConfigureAwait(false),
            MailboxChange.Expunge c => await ExpungeAsync(
                asker, (account, c.Folder, c.Uids), MessageWork.Expunge, cancellation).ConfigureAwait(false),
            MailboxChange.Remove c => await ExpungeAsync(
                asker, (account, c.Folder, c.Uids), AccessWork.Remove, cancellation).ConfigureAwait(false),
            MailboxChange.SetRights c => await WriteAsync(
                asker, (account, c), AccessWork.Set, cancellation).ConfigureAwait(false),
            MailboxChange.CopyFrom c => await WriteAsync(
                asker, (account, asker, c, time.GetUtcNow()), AccessWork.CopyFrom, cancellation).ConfigureAwait(false),
            _ => throw new NotSupportedException($"{change.GetType()} is nobody's but the owner's."),
        };

    private Task<TResult> WriteAsync<TState, TResult>(
        AccountId? asker, TState state, Func<MailChanges, TState, TResult> work, CancellationToken cancellation) =>
        writes.WriteAsync(
            (asker, state, work), static (changes, wish) => changes.As(wish.asker, wish.state, wish.work), cancellation);
}
