using System.Text;
using MailCluster.Node.Configuration;

namespace MailCluster.Node.Commands;

/// <summary>Where commands read and write; tests have one of their own.</summary>
/// <param name="ReadSecret">Asks for a line that is not shown; null where nobody sits there.</param>
internal sealed record Terminal(
    TextReader Input, TextWriter Output, TextWriter Error, Func<string, string>? ReadSecret,
    IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>Somebody looks at the output while it comes.</summary>
    public bool IsWatched { get; init; }

    public static Terminal OfProcess() => new(
        Console.In, Console.Out, Console.Error, Console.IsInputRedirected ? null : ReadHiddenLine,
        ConfigurationSources.ProcessEnvironment())
    {
        IsWatched = !Console.IsOutputRedirected,
    };

    private static string ReadHiddenLine(string prompt)
    {
        Console.Error.Write(prompt);
        var line = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                line.Length = Math.Max(0, line.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                line.Append(key.KeyChar);
            }
        }

        Console.Error.WriteLine();
        return line.ToString();
    }
}
