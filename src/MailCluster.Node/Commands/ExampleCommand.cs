using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace MailCluster.Node.Commands;

/// <summary>A command whose help ends with examples.</summary>
internal sealed class ExampleCommand(string name, string description, string examples) : Command(name, description)
{
    public string Examples { get; } = examples;
}

/// <summary>Writes the help of a command, then its examples, which a list of commands has no room for.</summary>
internal sealed class HelpWithExamples(HelpAction help, string examplesOfRoot) : SynchronousCommandLineAction
{
    /// <summary>Takes the place of the plain help of a command and all below it.</summary>
    public static void Install(RootCommand root, string examplesOfRoot)
    {
        var option = root.Options.OfType<HelpOption>().Single();
        option.Action = new HelpWithExamples((HelpAction)option.Action!, examplesOfRoot);
    }

    public override int Invoke(ParseResult parseResult)
    {
        var result = help.Invoke(parseResult);
        var examples = parseResult.CommandResult.Command switch
        {
            ExampleCommand command => command.Examples,
            RootCommand => examplesOfRoot,
            _ => null,
        };
        if (examples is not null)
        {
            parseResult.InvocationConfiguration.Output.WriteLine($"Examples:\n{examples}\n");
        }

        return result;
    }

    // A word that is missing is no reason not to explain the command.
    public override bool ClearsParseErrors => true;
}
