using MailCluster.Mail.Mailboxes;
using MailCluster.Node.Commands;
using MailCluster.Node.Http;

namespace MailCluster.Node.Migration.Maildir;

/// <summary>Writes an account into a Maildir. It may be run again, and then writes what is missing.</summary>
internal sealed class MaildirExport(MailboxClient source, string root, MigrationReport report, ProgressView progress)
{
    /// <exception cref="CommandRefusedException">Node or directory cannot be used any more.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var mailbox = await source.ListFoldersAsync(cancellation);
        progress.Total = mailbox.Folders.Sum(folder => folder.Messages);
        try
        {
            PrivateFiles.CreateDirectory(root);
            MaildirTree.WriteSubscriptions(root, mailbox.Subscribed);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new CommandRefusedException($"{root}: {failed.Message}");
        }

        foreach (var folder in mailbox.Folders)
        {
            var tally = report.Begin(folder.Name);
            try
            {
                await RunAsync(folder, tally, cancellation);
            }
            catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
            {
                tally.Unreadable++;
                report.Tell(folder.Name, failed.Message);
            }
        }
    }

    private async Task RunAsync(FolderJson folder, FolderTally tally, CancellationToken cancellation)
    {
        var name = FolderName.OfStored(folder.Name);
        var directory = name.IsInbox ? root : Path.Combine(root, "." + MaildirNames.ToDots(name));
        var writer = MaildirFolderWriter.Open(directory, folder.UidValidity, name.IsInbox);
        var after = 0u;
        while (await source.ListMessagesAsync(folder.Name, after, cancellation) is { Count: > 0 } page)
        {
            foreach (var message in page)
            {
                await WriteAsync(writer, folder, message, tally, cancellation);
                progress.Advance(folder.Name);
            }

            writer.Close();
            after = page[^1].Uid;
        }
    }

    private async Task WriteAsync(
        MaildirFolderWriter writer, FolderJson folder, MessageJson message, FolderTally tally, CancellationToken cancellation)
    {
        if (writer.HasWritten(message))
        {
            tally.AlreadyThere++;
            return;
        }

        // Null: somebody has expunged it meanwhile, and so it is nothing to be missed.
        var areAllNamed = await writer.WriteAsync(source, folder.Name, message, cancellation);
        tally.Done += areAllNamed is null ? 0 : 1;
        if (areAllNamed == false)
        {
            tally.WithoutKeywords++;
            report.Tell($"{folder.Name}, UID {message.Uid}", $"a Maildir has letters for {MaildirKeywords.Most} keywords alone");
        }
    }
}
