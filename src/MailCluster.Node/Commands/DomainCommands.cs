using System.CommandLine;
using MailCluster.Node.Autoconfiguration;

namespace MailCluster.Node.Commands;

/// <summary>The domains whose mail this server keeps.</summary>
internal static class DomainCommands
{
    public static Command Create(SettingsOptions settings, Terminal terminal) => new ExampleCommand(
        "domain",
        "The domains whose mail this server keeps.",
        """
          mailcluster domain add example.org
          mailcluster domain list --json
          mailcluster domain records example.org
        """)
    {
        Add(settings, terminal), List(settings, terminal), Records(settings, terminal), Remove(settings, terminal),
    };

    private static Command Add(SettingsOptions settings, Terminal terminal)
    {
        var domain = Arguments.Domain("The domain, such as example.org.");
        var command = new Command("add", "Adds a domain.") { domain };
        command.SetDirectoryAction(settings, async (parsed, directory, cancellation) =>
        {
            await directory.AddDomainAsync(parsed.GetValue(domain), cancellation);
            terminal.Output.WriteLine($"Added {parsed.GetValue(domain)}.");
        });
        return command;
    }

    private static Command List(SettingsOptions settings, Terminal terminal)
    {
        var json = Arguments.Json();
        var command = new Command("list", "Lists the domains.") { json };
        command.SetDirectoryAction(settings, async (parsed, directory, cancellation) =>
        {
            var domains = await directory.ListDomainsAsync(cancellation);
            if (parsed.GetValue(json))
            {
                terminal.WriteJson(domains.Select(domain => domain.Text));
                return;
            }

            foreach (var domain in domains)
            {
                terminal.Output.WriteLine(domain.Text);
            }
        });
        return command;
    }

    private static Command Records(SettingsOptions settings, Terminal terminal)
    {
        var domain = Arguments.Domain("The domain.");
        var command = new Command("records", "Prints what the domain's DNS zone needs, for mail and for users' programs.") { domain };
        command.SetAction(parsed =>
        {
            var options = settings.Load(parsed).Options;
            foreach (var line in ServiceRecords.Write(parsed.GetValue(domain), options.Node.Hostname, ClientService.Of(options)))
            {
                terminal.Output.WriteLine(line);
            }

            return CommandLine.Done;
        });
        return command;
    }

    private static Command Remove(SettingsOptions settings, Terminal terminal)
    {
        var domain = Arguments.Domain("The domain.");
        var command = new Command("remove", "Removes a domain that has neither accounts nor aliases.") { domain };
        command.SetDirectoryAction(settings, async (parsed, directory, cancellation) =>
        {
            await directory.RemoveDomainAsync(parsed.GetValue(domain), cancellation);
            terminal.Output.WriteLine($"Removed {parsed.GetValue(domain)}.");
        });
        return command;
    }
}
