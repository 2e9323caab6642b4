using System.CommandLine;
using MailCluster.Node.Hosting;
using MailCluster.Storage.Directory;

namespace MailCluster.Node.Commands;

/// <summary>
/// Carries out a command on domains, accounts and aliases, straight on the database: it need not run, and a node that
/// does follows within a second.
/// </summary>
internal static class DirectoryAccess
{
    public static void SetDirectoryAction(
        this Command command, SettingsOptions settings,
        Func<ParseResult, IDirectoryAdministration, CancellationToken, Task> action) =>
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var storage = await NodeStorage.OpenAsync(settings.Load(parsed).Options, TimeProvider.System);
            await action(parsed, storage.Administration, cancellation);
            return CommandLine.Done;
        });
}
