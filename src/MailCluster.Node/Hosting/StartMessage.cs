using System.Net;
using MailCluster.Node.Configuration;
using MailCluster.Node.FirstStart;

namespace MailCluster.Node.Hosting;

/// <summary>What a new user reads: where things are, the passwords of the example once, and what to try next.</summary>
internal static class StartMessage
{
    public static IEnumerable<string> Lines(
        MailClusterOptions options, IReadOnlyDictionary<string, int> ports, ExampleDomain? created)
    {
        yield return "";
        yield return $"MailCluster {options.Node.Hostname} is up, data in {options.Node.DataFolder}";
        foreach (var listener in options.OpenListeners)
        {
            yield return $"  {listener.Name,-12} {new IPEndPoint(listener.Address, ports[listener.Name])}";
        }

        yield return $"  {"http",-12} {new IPEndPoint(options.Http.Address, ports["http"])}";
        if (created is not null)
        {
            yield return "Made for you, passwords shown this once:";
            foreach (var account in created.Accounts)
            {
                yield return $"  {account.Address}  {account.Password}";
            }
        }

        yield return TryNext(options, ports);
    }

    private static string TryNext(MailClusterOptions options, IReadOnlyDictionary<string, int> ports)
    {
        var smtp = options.OpenListeners.FirstOrDefault(l => l.Protocol == ListenerProtocol.Smtp);
        return smtp is null
            ? "Stop with Ctrl-C."
            : $"Try: telnet {smtp.Address} {ports[smtp.Name]}, then HELO crepes.fr; README.md has the whole dialogue. Stop with Ctrl-C.";
    }
}
