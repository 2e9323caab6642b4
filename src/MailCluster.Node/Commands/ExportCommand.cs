using System.CommandLine;
using MailCluster.Node.Migration;
using MailCluster.Node.Migration.Maildir;

namespace MailCluster.Node.Commands;

/// <summary>Takes an account's mail out of a running node, so that nobody has to stay.</summary>
internal static class ExportCommand
{
    public static Command Create(SettingsOptions settings, Terminal terminal) => new ExampleCommand(
        "export",
        "Takes all mail of an account out.",
        """
          mailcluster account export maildir carol@example.org /backup/carol
        """)
    {
        Maildir(settings, terminal),
    };

    private static Command Maildir(SettingsOptions settings, Terminal terminal)
    {
        var address = Arguments.Address("The account.");
        var path = new Argument<string>("path") { Description = "The Maildir; made where it is missing." };
        var command = new Command(
            "maildir",
            "Writes all folders into a Maildir (Maildir++), lines with LF. It may be run again and writes what is missing."
            + " Exit code 1 where something was left out.")
        {
            address, path,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var node = new QueueClient(settings.Load(parsed).Options);
            var progress = new ProgressView(terminal, TimeProvider.System);
            var report = new MigrationReport("EXPORTED", terminal, progress);
            var source = new MailboxClient(node, parsed.GetValue(address));
            try
            {
                await new MaildirExport(source, Path.GetFullPath(parsed.GetRequiredValue(path)), report, progress)
                    .RunAsync(cancellation);
            }
            finally
            {
                report.Write();
            }

            return report.IsComplete ? CommandLine.Done : CommandLine.Refused;
        });
        return command;
    }
}
