using System.Net;
using MailCluster.Node.Configuration;
using MailCluster.Node.FirstStart;

namespace MailCluster.Node.Hosting;

/// <summary>What a new user reads: where things are, the passwords of the example once, and what to try next.</summary>
internal static class StartMessage
{
    /// <param name="endPoints">HTTP first, then the listeners in the order of the configuration.</param>
    public static IEnumerable<string> Lines(
        MailClusterOptions options, IReadOnlyList<(string Name, IPEndPoint EndPoint)> endPoints, ExampleDomain? created)
    {
        yield return "";
        yield return $"MailCluster {options.Node.Hostname} is up, data in {options.Node.DataFolder}";
        foreach (var (name, endPoint) in endPoints.Skip(1).Concat(endPoints.Take(1)))
        {
            yield return $"  {name,-12} {endPoint}";
        }

        if (created is not null)
        {
            yield return "Made for you, passwords shown this once:";
            foreach (var account in created.Accounts)
            {
                yield return $"  {account.Address}  {account.Password}";
            }
        }

        yield return TryNext(options.OpenListeners.Zip(endPoints.Skip(1), (listener, bound) => (listener.Protocol, bound.EndPoint)));
    }

    private static string TryNext(IEnumerable<(ListenerProtocol Protocol, IPEndPoint EndPoint)> listeners)
    {
        var smtp = listeners.FirstOrDefault(listener => listener.Protocol == ListenerProtocol.Smtp).EndPoint;
        return smtp is null
            ? "Stop with Ctrl-C."
            : $"Try: telnet {smtp.Address} {smtp.Port}, then HELO crepes.fr; README.md has the whole dialogue. Stop with Ctrl-C.";
    }
}
