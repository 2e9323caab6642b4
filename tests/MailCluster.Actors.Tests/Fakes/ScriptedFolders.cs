using System.Collections.Concurrent;
using System.Collections.Immutable;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;
using MailCluster.Storage.Mailboxes;

namespace MailCluster.Actors.Tests.Fakes;

/// <summary>A folder store that answers each change with what the test says, and notes in which order they came.</summary>
internal sealed class ScriptedFolders : IFolderStore
{
    /// <summary>What the next changes are answered; a change beyond them fails.</summary>
    public ConcurrentQueue<Func<Task<ChangeResult>>> Answers { get; } = new();

    public ConcurrentQueue<string> Calls { get; } = new();

    public Task<FolderChange> CreateFolderAsync(
        AccountId account, FolderName name, string? specialUse, CancellationToken cancellation) =>
        NextAsync<FolderChange>($"create {name} {specialUse}");

    public Task<FolderChange> DeleteFolderAsync(AccountId account, FolderName name, CancellationToken cancellation) =>
        NextAsync<FolderChange>($"delete {name}");

    public Task<FolderChange> RenameFolderAsync(
        AccountId account, FolderName from, FolderName to, CancellationToken cancellation) =>
        NextAsync<FolderChange>($"rename {from} {to}");

    public async Task<bool> SubscribeAsync(
        AccountId account, FolderName name, bool subscribed, CancellationToken cancellation) =>
        (await NextAsync<FolderChange>($"subscribe {name} {subscribed}")).Outcome == FolderOutcome.Done;

    public Task<AppendResult> AppendAsync(
        AccountId account, FolderName folder, IReadOnlyList<AppendEntry> entries, CancellationToken cancellation) =>
        NextAsync<AppendResult>($"append {folder} {entries.Count}");

    public Task<AppendResult> ImportAsync(
        AccountId account, FolderName folder, AppendEntry entry, ImportKey key, CancellationToken cancellation) =>
        NextAsync<AppendResult>($"import {folder} {key}");

    public Task<ReplaceResult> ReplaceAsync(
        AccountId account, FolderId from, Uid uid, FolderName to, AppendEntry entry, CancellationToken cancellation) =>
        NextAsync<ReplaceResult>($"replace {uid.Value} {to}");

    public Task<FlagsResult> StoreFlagsAsync(
        AccountId account, FolderId folder, UidSet uids, FlagsChange change, CancellationToken cancellation) =>
        NextAsync<FlagsResult>($"store {uids} {change.Action} {change.Flags}");

    public Task<CopyResult> CopyAsync(
        AccountId account, FolderId from, UidSet uids, FolderName to, CancellationToken cancellation) =>
        NextAsync<CopyResult>($"copy {uids} {to}");

    public Task<CopyResult> MoveAsync(
        AccountId account, FolderId from, UidSet uids, FolderName to, CancellationToken cancellation) =>
        NextAsync<CopyResult>($"move {uids} {to}");

    public Task<ExpungeResult> ExpungeAsync(
        AccountId account, FolderId folder, UidSet uids, CancellationToken cancellation) =>
        NextAsync<ExpungeResult>($"expunge {uids}");

    public Task<ChangeResult> ChangeAsAsync(
        AccountId account, AccountId asker, MailboxChange change, CancellationToken cancellation) =>
        NextAsync<ChangeResult>($"{change.GetType().Name} of {account} as {asker}");

    public Task<AnnotationResult> AnnotateAsync(
        AccountId account, FolderName? folder, ImmutableArray<AnnotationChange> entries, CancellationToken cancellation) =>
        NextAsync<AnnotationResult>($"annotate {folder} {entries.Length}");

    public Task WriteStructureAsync(BodyId body, ReadOnlyMemory<byte> data, CancellationToken cancellation) =>
        Task.CompletedTask;

    private async Task<T> NextAsync<T>(string call)
        where T : ChangeResult
    {
        Calls.Enqueue(call);
        return Answers.TryDequeue(out var answer)
            ? (T)await answer()
            : throw new InvalidOperationException($"nobody said what becomes of {call}");
    }
}
