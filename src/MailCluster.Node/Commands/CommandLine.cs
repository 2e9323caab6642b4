using System.CommandLine;
using System.CommandLine.Invocation;
using MailCluster.Node.Configuration;
using MailCluster.Storage;
using MailCluster.Storage.Directory;

namespace MailCluster.Node.Commands;

/// <summary>
/// The program's commands: none runs the node, all others are an operator's. Exit codes: 0 done, 1 refused, 2 wrong
/// usage or configuration.
/// </summary>
internal static class CommandLine
{
    public const int Done = 0;
    public const int Refused = 1;
    public const int WrongUsage = 2;

    private const string Description =
        "MailCluster, a mail server. Without a command it runs the node; with a command it administers it.";

    private const string Examples =
        """
          mailcluster                                          run the example on 127.0.0.1, data in ./data
          mailcluster --config /etc/mailcluster/mailcluster.json
          mailcluster --set Listeners:smtp:Port=25 --set Node:Hostname=mail.example.org
          mailcluster config show                              every setting, as it is in force
        """;

    public static Task<int> RunAsync(string[] args, Func<MailClusterOptions, CancellationToken, Task<int>> runNode) =>
        RunAsync(args, runNode, Terminal.OfProcess());

    internal static async Task<int> RunAsync(
        string[] args, Func<MailClusterOptions, CancellationToken, Task<int>> runNode, Terminal terminal)
    {
        var parsed = Create(runNode, terminal).Parse(args);
        if (parsed.Errors.Count > 0 && parsed.Action is ParseErrorAction)
        {
            var wrong = parsed.Errors[0].Message.ReplaceLineEndings(" ");
            terminal.Error.WriteLine($"mailcluster: {wrong} (--help tells more)");
            return WrongUsage;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                Output = terminal.Output,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
                // The host stops the node in its own order and time.
                ProcessTerminationTimeout = null,
            });
        }
        catch (ConfigurationException refused)
        {
            terminal.Error.WriteLine($"mailcluster: {refused.Message}");
            return WrongUsage;
        }
        catch (Exception refused) when (refused is CommandRefusedException or DirectoryException or StorageException)
        {
            terminal.Error.WriteLine($"mailcluster: {refused.Message.ReplaceLineEndings(" ")}");
            return Refused;
        }
    }

    private static RootCommand Create(Func<MailClusterOptions, CancellationToken, Task<int>> runNode, Terminal terminal)
    {
        var settings = new SettingsOptions(terminal);
        var root = new RootCommand(Description)
        {
            settings.Config, settings.Data, settings.Set,
            DomainCommands.Create(settings, terminal),
            AccountCommands.Create(settings, terminal),
            AliasCommands.Create(settings, terminal),
            QueueCommands.Create(settings, terminal),
            SendCommand.Create(settings, terminal),
            SchemaCommands.Create(settings, terminal),
            ConfigCommands.Create(settings, terminal),
            VersionCommand.Create(terminal),
        };
        HelpWithExamples.Install(root, Examples);
        root.SetAction((parsed, cancellation) => runNode(settings.Load(parsed).Options, cancellation));
        return root;
    }
}
