using MailCluster.Actors.Mailboxes;
using MailCluster.Imap.Syntax;
using MailCluster.Mail.Mailboxes;
using MailCluster.Node.Http;

namespace MailCluster.Node.Migration;

/// <summary>
/// Brings all messages of a source into an account. The node keeps each message's key with the message itself, so that
/// this may end at any point and be run again; what came before is not even read from the source, where it is far.
/// </summary>
internal sealed class ImportRun(IMailSource source, MailboxClient target, MigrationReport report, ProgressView progress)
{
    /// <summary>Messages whose keys are asked for at once.</summary>
    private const int BatchSize = 200;

    /// <exception cref="Commands.CommandRefusedException">Source or node cannot be used any more.</exception>
    public async Task RunAsync(IReadOnlyCollection<string> excluded, CancellationToken cancellation)
    {
        var folders = (await source.ListFoldersAsync(cancellation))
            .Where(folder => !excluded.Contains(folder.Name?.Text ?? folder.Path)).ToList();
        progress.Total = folders.All(folder => folder.Messages is not null) ? folders.Sum(folder => folder.Messages) : null;
        var mailbox = await target.ListFoldersAsync(cancellation);
        foreach (var folder in folders)
        {
            await RunAsync(folder, mailbox, cancellation);
        }
    }

    private async Task RunAsync(SourceFolder folder, MailboxJson mailbox, CancellationToken cancellation)
    {
        var tally = report.Begin(folder.Name?.Text ?? folder.Path);
        if (folder.Name is not { } wanted)
        {
            Skip(tally, folder.Path, "no folder can have this name");
            return;
        }

        if (await PrepareAsync(folder, wanted, mailbox, cancellation) is not { } name)
        {
            Skip(tally, folder.Path, "its folder cannot be made");
            return;
        }

        if (folder.HasMessages)
        {
            var batch = new List<SourceMessage.Readable>();
            await foreach (var message in source.ReadAsync(folder, cancellation))
            {
                if (message is SourceMessage.Readable readable)
                {
                    batch.Add(readable);
                }
                else if (message is SourceMessage.Unreadable unreadable)
                {
                    Skip(tally, unreadable.Name, unreadable.Reason);
                    progress.Advance(tally.Folder);
                }

                if (batch.Count == BatchSize)
                {
                    await ImportAsync(tally, name, batch, mailbox.MaxMessageSize, cancellation);
                }
            }

            await ImportAsync(tally, name, batch, mailbox.MaxMessageSize, cancellation);
        }
    }

    /// <summary>Where there is a folder for the same use it is that one, whatever its name (RFC 6154 §2).</summary>
    private async Task<FolderName?> PrepareAsync(
        SourceFolder folder, FolderName wanted, MailboxJson mailbox, CancellationToken cancellation)
    {
        var same = folder.SpecialUse is { } use
            ? mailbox.Folders.FirstOrDefault(known => known.SpecialUse == use)
            : null;
        var name = same is null ? wanted : FolderName.OfStored(same.Name);
        if (mailbox.Folders.All(known => known.Name != name.Text)
            && await target.CreateFolderAsync(name, folder.SpecialUse, cancellation)
                is not (FolderOutcome.Done or FolderOutcome.AlreadyExists))
        {
            return null;
        }

        if (folder.IsSubscribed && !mailbox.Subscribed.Contains(name.Text))
        {
            await target.SubscribeAsync(name, cancellation);
        }

        return name;
    }

    private async Task ImportAsync(
        FolderTally tally, FolderName folder, List<SourceMessage.Readable> batch, long maxSize, CancellationToken cancellation)
    {
        if (batch.Count == 0)
        {
            return;
        }

        var known = await target.FindImportedAsync(batch.Select(message => message.Key), cancellation);
        foreach (var message in batch)
        {
            if (known.Contains(message.Key))
            {
                tally.AlreadyThere++;
            }
            else if (message.Size > maxSize)
            {
                Count(tally, message, ImportAnswer.TooLarge);
            }
            else
            {
                await ImportAsync(tally, folder, message, cancellation);
            }

            progress.Advance(tally.Folder);
        }

        batch.Clear();
    }

    private async Task ImportAsync(
        FolderTally tally, FolderName folder, SourceMessage.Readable message, CancellationToken cancellation)
    {
        try
        {
            var answer = await target.ImportAsync(folder, message, message.Flags, cancellation);
            if (answer == ImportAnswer.TooManyKeywords)
            {
                // The message is worth more than its keywords.
                tally.WithoutKeywords++;
                report.Tell(message.Name, "comes without its keywords, the folder has too many");
                var flags = FlagText.Write(FlagText.Parse(message.Flags).Flags, []);
                answer = await target.ImportAsync(folder, message, flags, cancellation);
            }

            Count(tally, message, answer);
        }
        catch (IOException unreadable)
        {
            Skip(tally, message.Name, unreadable.Message);
        }
    }

    private void Count(FolderTally tally, SourceMessage message, ImportAnswer answer)
    {
        switch (answer)
        {
            case ImportAnswer.Imported:
                tally.Done++;
                break;
            case ImportAnswer.AlreadyThere:
                tally.AlreadyThere++;
                break;
            case ImportAnswer.TooLarge:
                tally.TooLarge++;
                report.Tell(message.Name, "is too large (Imap:MaxMessageSize)");
                break;
            case ImportAnswer.OverQuota:
                tally.OverQuota++;
                report.Tell(message.Name, "does not fit the account's quota");
                break;
            default:
                Skip(tally, message.Name, answer == ImportAnswer.Empty ? "is empty" : "its folder is gone");
                break;
        }
    }

    private void Skip(FolderTally tally, string name, string reason)
    {
        tally.Unreadable++;
        report.Tell(name, reason);
    }
}
