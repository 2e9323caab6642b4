using System.CommandLine;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Mailboxes;
using MailCluster.Node.Migration;
using MailCluster.Node.Migration.Maildir;
using MailCluster.Node.Migration.Mbox;

namespace MailCluster.Node.Commands;

/// <summary>Brings mail from elsewhere into an account of a running node.</summary>
internal static class ImportCommands
{
    public const string Again =
        " It may be interrupted and run again: each message comes once. Exit code 1 where something was left out.";

    public static Command Create(SettingsOptions settings, Terminal terminal) => new ExampleCommand(
        "import",
        "Brings mail from elsewhere into an account.",
        """
          mailcluster account import maildir /home/carol/Maildir carol@example.org
          mailcluster account import mbox /var/mail/carol carol@example.org --folder Old/2024
          mailcluster account import imap carol@example.org --host imap.example.net --user carol --password-file secret
        """)
    {
        Maildir(settings, terminal), Mbox(settings, terminal), ImapImportCommand.Create(settings, terminal),
    };

    private static Command Maildir(SettingsOptions settings, Terminal terminal)
    {
        var path = new Argument<string>("path") { Description = "The Maildir; its folders come along." };
        var address = Arguments.Address("The account.");
        var exclude = Exclude();
        var command = new Command("maildir", "Brings a Maildir with all its folders." + Again) { path, address, exclude };
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed, settings, terminal, parsed.GetValue(address), parsed.GetValue(exclude),
            _ => Task.FromResult<IMailSource>(new MaildirSource(parsed.GetRequiredValue(path))), cancellation));
        return command;
    }

    private static Command Mbox(SettingsOptions settings, Terminal terminal)
    {
        var path = new Argument<string>("path") { Description = "The file; nobody may write to it meanwhile." };
        var address = Arguments.Address("The account.");
        var folder = new Option<FolderName>("--folder")
        {
            Description = "The folder to put the messages into; made where it is missing. Without it: INBOX.",
            HelpName = "name",
            DefaultValueFactory = _ => FolderName.Inbox,
            CustomParser = parsed =>
            {
                if (!FolderName.TryParse(parsed.Tokens[0].Value, out var name))
                {
                    parsed.AddError($"no folder can be named '{parsed.Tokens[0].Value}'");
                }

                return name;
            },
        };
        var quoting = new Option<MboxQuoting>("--format")
        {
            Description = "How lines that begin with \"From \" are quoted: mboxrd or mboxo. Without it: mboxrd.",
            HelpName = "format",
        };
        var command = new Command("mbox", "Brings the messages of an mbox file." + Again) { path, address, folder, quoting };
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed, settings, terminal, parsed.GetValue(address), [],
            _ => Task.FromResult<IMailSource>(new MboxSource(
                parsed.GetRequiredValue(path), parsed.GetValue(folder), parsed.GetValue(quoting))), cancellation));
        return command;
    }

    public static Option<string[]> Exclude() => new("--exclude")
    {
        Description = "A folder that is left where it is, as it would be named here. May be repeated.",
        HelpName = "folder",
    };

    public static async Task<int> RunAsync(
        ParseResult parsed, SettingsOptions settings, Terminal terminal, MailAddress address, string[]? excluded,
        Func<CancellationToken, Task<IMailSource>> open, CancellationToken cancellation)
    {
        using var node = new QueueClient(settings.Load(parsed).Options);
        await using var source = await open(cancellation);
        var progress = new ProgressView(terminal, TimeProvider.System);
        var report = new MigrationReport("IMPORTED", terminal, progress);
        try
        {
            await new ImportRun(source, new MailboxClient(node, address), report, progress)
                .RunAsync(excluded ?? [], cancellation);
        }
        finally
        {
            report.Write();
        }

        return report.IsComplete ? CommandLine.Done : CommandLine.Refused;
    }
}
