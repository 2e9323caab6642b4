using System.Buffers;
using System.Collections.Immutable;
using System.IO.Pipelines;
using Akka.Actor;
using MailCluster.Actors.Connections.Imap;
using MailCluster.Imap.Sessions;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;
using MailCluster.Storage;

namespace MailCluster.Actors.Mailboxes;

/// <summary>
/// Folders and messages of accounts, as operators bring them in and take them out: the same spool, reader and writer as
/// those of IMAP connections. Safe for any number of threads.
/// </summary>
/// <exception cref="TimeoutException">Every member that writes: the account's writer did not answer, or its store failed.</exception>
/// <exception cref="StorageException">Every member that reads: the database failed.</exception>
public sealed class MailboxAdministration(ImapConnectionServices services)
{
    /// <summary>Messages of one page.</summary>
    public const int PageSize = 1000;

    private readonly ImapBackend _backend = new(services);

    public async Task<AccountId?> FindAccountAsync(MailAddress address, CancellationToken cancellation) =>
        (await services.Directory.FindCredentialsAsync(address.ToString(), cancellation))?.Account;

    public Task<FolderList> ListFoldersAsync(AccountId account, CancellationToken cancellation) =>
        services.Folders.ListFoldersAsync(account, cancellation);

    public Task<Folder?> FindFolderAsync(AccountId account, FolderName name, CancellationToken cancellation) =>
        services.Folders.FindFolderAsync(account, name, cancellation);

    public Task<HashSet<ImportKey>> FindImportedAsync(
        AccountId account, IReadOnlyCollection<ImportKey> keys, CancellationToken cancellation) =>
        services.Folders.FindImportedAsync(account, keys, cancellation);

    /// <summary>Messages behind <paramref name="after"/>, at most <see cref="PageSize"/>.</summary>
    public Task<ImmutableArray<FetchedMessage>> ListAsync(FolderId folder, Uid after, CancellationToken cancellation) =>
        services.Folders.FetchAsync(folder, UidSet.All, FetchColumns.Short, after, PageSize, cancellation);

    /// <summary>With its prefix, without which its octets are not whole; null where it is gone.</summary>
    public async Task<FetchedMessage?> FindAsync(FolderId folder, Uid uid, CancellationToken cancellation) =>
        (await services.Folders.FetchAsync(
            folder, UidSet.Of(new UidRange(uid, uid)), FetchColumns.Prefix, default, 1, cancellation)).FirstOrDefault();

    /// <summary>Writes all octets of a message that was found; false where the store failed or the body is gone.</summary>
    public Task<bool> SendAsync(FetchedMessage message, PipeWriter output, CancellationToken cancellation) =>
        _backend.SendAsItIsAsync(
            new MessageSlice(message.Body, message.Prefix ?? "", 0, message.Size), output, cancellation);

    public async Task<FolderOutcome> CreateFolderAsync(
        AccountId account, FolderName name, string? specialUse, CancellationToken cancellation) =>
        (await AskAsync(account, new MailboxChange.CreateFolder(name, specialUse), cancellation)).Outcome;

    public async Task<FolderOutcome> SubscribeAsync(AccountId account, FolderName name, CancellationToken cancellation) =>
        (await AskAsync(account, new MailboxChange.Subscribe(name, Subscribed: true), cancellation)).Outcome;

    /// <summary>
    /// Takes a message out of the pipe, in any length, and stores it once for its key.
    /// </summary>
    /// <param name="maxSize">Of the message; a larger one is not read to its end.</param>
    public async Task<ImportAnswer> ImportAsync(
        AccountId account, ImportedMessage message, PipeReader octets, long maxSize, CancellationToken cancellation)
    {
        var spooler = new BodySpooler(services.Spool, services.Partitions, services.Time);
        try
        {
            var answer = await SpoolAsync(spooler, octets, maxSize, cancellation);
            if (answer is not EffectAnswer.BodyStored { Size: > 0 } body)
            {
                await spooler.ReleaseAsync();
                return answer is EffectAnswer.BodyStored ? ImportAnswer.Empty
                    : answer is null ? ImportAnswer.TooLarge
                    : throw new TimeoutException("The message could not be stored; try again.");
            }

            var entry = new AppendEntry(
                body.Body, body.Size, "", message.Flags, message.Keywords, message.InternalDate ?? services.Time.GetUtcNow());
            var result = await AskAsync(account, new MailboxChange.Import(message.Folder, entry, message.Key), cancellation);
            await spooler.ReleaseAsync();
            return result is AppendResult { Outcome: FolderOutcome.Done, Uids.IsEmpty: true }
                ? ImportAnswer.AlreadyThere
                : ToAnswer(result.Outcome);
        }
        catch (Exception unfinished) when (unfinished is not TimeoutException)
        {
            // After a timeout the writer may still take the body, so it stays until its partition finds it unowned.
            await spooler.ReleaseAsync();
            throw;
        }
    }

    /// <summary>Null where it is too large.</summary>
    private static async Task<EffectAnswer?> SpoolAsync(
        BodySpooler spooler, PipeReader octets, long maxSize, CancellationToken cancellation)
    {
        spooler.Begin();
        var lines = new LineEnds();
        var length = 0L;
        while (true)
        {
            var read = await octets.ReadAsync(cancellation);
            EffectAnswer? failed = null;
            foreach (var piece in read.Buffer)
            {
                var converted = lines.Convert(piece);
                length += converted.Length;
                if (length > maxSize || failed is not null)
                {
                    break;
                }

                var written = await spooler.WriteAsync(new ReadOnlySequence<byte>(converted), cancellation);
                failed = written as EffectAnswer.StoreFailed;
            }

            octets.AdvanceTo(read.Buffer.End);
            if (failed is not null || length > maxSize)
            {
                return failed;
            }

            if (read.IsCompleted)
            {
                return await spooler.EndAsync(cancellation);
            }
        }
    }

    /// <summary>One that may be repeated is asked for again and again, over a fail-over; another one once.</summary>
    private async Task<ChangeResult> AskAsync(AccountId account, MailboxChange change, CancellationToken cancellation)
    {
        var since = services.Time.GetTimestamp();
        var patience = change.MayBeRepeated ? services.AskRetry : services.AskTimeout;
        do
        {
            try
            {
                var answer = await services.MailboxRegion.Ask<object>(
                    new ChangeMailbox(account, Request: 1, change), patience, cancellation);
                return answer is MailboxChanged changed
                    ? changed.Result
                    : throw new TimeoutException("The mailbox could not be changed; try again.");
            }
            catch (AskTimeoutException)
            {
                // Asked again below.
            }
        }
        while (change.MayBeRepeated && services.Time.GetElapsedTime(since) < services.AskTimeout);
        throw new TimeoutException("The mailbox did not answer in time; try again.");
    }

    private static ImportAnswer ToAnswer(FolderOutcome outcome) => outcome switch
    {
        FolderOutcome.Done => ImportAnswer.Imported,
        FolderOutcome.OverQuota => ImportAnswer.OverQuota,
        FolderOutcome.TooManyKeywords => ImportAnswer.TooManyKeywords,
        _ => ImportAnswer.NoSuchFolder,
    };
}

/// <summary>What is known of a message that comes from elsewhere, but its octets.</summary>
/// <param name="InternalDate">Null for now.</param>
public sealed record ImportedMessage(
    FolderName Folder, ImportKey Key, MessageFlags Flags, ImmutableArray<string> Keywords, DateTimeOffset? InternalDate);

/// <summary>What became of it; all but the first changed nothing.</summary>
public enum ImportAnswer
{
    Imported,
    AlreadyThere,
    NoSuchFolder,
    OverQuota,
    TooManyKeywords,
    TooLarge,
    Empty,
}
