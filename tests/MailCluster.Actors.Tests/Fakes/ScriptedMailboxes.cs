using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading.Channels;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;
using MailCluster.Storage.Mailboxes;

namespace MailCluster.Actors.Tests.Fakes;

/// <summary>A mailbox store whose writes the test answers, and whose inboxes it fills.</summary>
internal sealed class ScriptedMailboxes : IMailboxStore
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Channel<Write> _writes = Channel.CreateUnbounded<Write>();

    /// <summary>What listings show and messages are found in.</summary>
    public ConcurrentDictionary<AccountId, ImmutableArray<StoredMessage>> Inboxes { get; } = new();

    /// <summary>Reads fail with it.</summary>
    public Exception? FailReads { get; set; }

    public async Task<ImmutableArray<StoreOutcome>> StoreAsync(
        AccountId account, IReadOnlyList<IncomingCopy> copies, CancellationToken cancellation)
    {
        var write = new Write([.. copies], []);
        _writes.Writer.TryWrite(write);
        return await write.Answer.Task;
    }

    public async Task<ImmutableArray<Uid>> ExpungeInboxAsync(
        AccountId account, IReadOnlyCollection<Uid> uids, CancellationToken cancellation)
    {
        var write = new Write([], [.. uids]);
        _writes.Writer.TryWrite(write);
        await write.Answer.Task;
        return write.Expunged;
    }

    public Task<long> GetUsedBytesAsync(AccountId account, CancellationToken cancellation) => Task.FromResult(0L);

    public Task<FolderListing?> ListInboxAsync(AccountId account, CancellationToken cancellation) =>
        FailReads is { } failure
            ? Task.FromException<FolderListing?>(failure)
            : Task.FromResult<FolderListing?>(new FolderListing(
                new UidValidity(1), [.. Inbox(account).Select(m => new ListedMessage(m.Uid, m.Size))]));

    public Task<StoredMessage?> FindMessageAsync(AccountId account, Uid uid, CancellationToken cancellation) =>
        FailReads is { } failure
            ? Task.FromException<StoredMessage?>(failure)
            : Task.FromResult(Inbox(account).FirstOrDefault(m => m.Uid == uid));

    /// <summary>The next write that was asked for.</summary>
    public async Task<Write> NextAsync()
    {
        using var timeout = new CancellationTokenSource(Patience);
        try
        {
            return await _writes.Reader.ReadAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"Nothing was written in {Patience}.");
        }
    }

    /// <summary>No write was asked for since the last one that was taken.</summary>
    public bool IsQuiet => !_writes.Reader.TryPeek(out _);

    private ImmutableArray<StoredMessage> Inbox(AccountId account) => Inboxes.GetValueOrDefault(account, []);

    /// <summary>One call of the store: copies, or messages to remove.</summary>
    internal sealed record Write(ImmutableArray<IncomingCopy> Copies, ImmutableArray<Uid> Expunged)
    {
        public TaskCompletionSource<ImmutableArray<StoreOutcome>> Answer { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Succeed() => Answer.SetResult([.. Copies.Select(_ => StoreOutcome.Stored)]);
    }
}
