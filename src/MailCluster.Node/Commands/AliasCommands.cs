using System.CommandLine;

namespace MailCluster.Node.Commands;

/// <summary>Addresses that lead to other addresses.</summary>
internal static class AliasCommands
{
    public static Command Create(SettingsOptions settings, Terminal terminal) => new ExampleCommand(
        "alias",
        "Addresses that lead to other addresses, here or elsewhere.",
        """
          mailcluster alias add info@example.org carol@example.org dave@crepes.fr
          mailcluster alias add "*@example.org" carol@example.org      all that is no account and no alias
          mailcluster alias remove info@example.org dave@crepes.fr
        """)
    {
        Add(settings, terminal), List(settings, terminal), Remove(settings, terminal),
    };

    private static Command Add(SettingsOptions settings, Terminal terminal)
    {
        var alias = Arguments.Alias("The address, or *@domain for the catch-all.");
        var targets = Arguments.Targets("Where its mail goes; added to what it has.", ArgumentArity.OneOrMore);
        var command = new Command("add", "Adds targets to an alias.") { alias, targets };
        command.SetDirectoryAction(settings, async (parsed, directory, cancellation) =>
        {
            await directory.AddAliasAsync(parsed.GetValue(alias), [.. parsed.GetRequiredValue(targets)], cancellation);
            terminal.Output.WriteLine($"Added {parsed.GetValue(alias)}.");
        });
        return command;
    }

    private static Command List(SettingsOptions settings, Terminal terminal)
    {
        var domain = Arguments.OptionalDomain("--domain", "Only aliases of this domain.");
        var json = Arguments.Json();
        var command = new Command("list", "Lists aliases with their targets.") { domain, json };
        command.SetDirectoryAction(settings, async (parsed, directory, cancellation) =>
        {
            var aliases = await directory.ListAliasesAsync(parsed.GetValue(domain), cancellation);
            if (parsed.GetValue(json))
            {
                terminal.WriteJson(aliases.Select(alias => new
                {
                    Alias = alias.Source.ToString(),
                    Targets = alias.Targets.Select(target => target.ToString()),
                }));
                return;
            }

            var table = new TextTable("ALIAS", "TARGETS");
            foreach (var alias in aliases)
            {
                table.Add(alias.Source.ToString(), string.Join(", ", alias.Targets));
            }

            table.Write(terminal.Output);
        });
        return command;
    }

    private static Command Remove(SettingsOptions settings, Terminal terminal)
    {
        var alias = Arguments.Alias("The address, or *@domain for the catch-all.");
        var target = Arguments.Targets("Only this target; without it the whole alias.", ArgumentArity.ZeroOrOne);
        var command = new Command("remove", "Removes an alias, or one target of it.") { alias, target };
        command.SetDirectoryAction(settings, async (parsed, directory, cancellation) =>
        {
            var only = parsed.GetValue(target) is [var one] ? one : (Mail.Addresses.MailAddress?)null;
            await directory.RemoveAliasAsync(parsed.GetValue(alias), only, cancellation);
            terminal.Output.WriteLine($"Removed {parsed.GetValue(alias)}{(only is null ? "" : $" to {only}")}.");
        });
        return command;
    }
}
