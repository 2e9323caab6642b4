using System.CommandLine;
using System.Reflection;

namespace MailCluster.Node.Commands;

internal static class VersionCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("version", "Prints the version of program and runtime.");
        command.SetAction(_ =>
        {
            var version = typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>();
            terminal.Output.WriteLine($"MailCluster {version?.InformationalVersion} on .NET {Environment.Version}");
            return CommandLine.Done;
        });
        return command;
    }
}
