using System.Diagnostics;

namespace MailCluster.Benchmarks.Imap.Rows;

/// <summary>Messages that clients put into a folder: one client, and ten with an account each.</summary>
internal static class AppendRows
{
    private const string Folder = "appended";

    public static IEnumerable<ImapRow> Create(ImapSizes sizes)
    {
        foreach (var (octets, messages) in sizes.Appends)
        {
            foreach (var clients in new[] { 1, ImapAccounts.Count })
            {
                yield return new ImapRow(
                    $"APPEND of {octets / 1024} KiB, {clients} client{(clients == 1 ? "" : "s")}",
                    messages,
                    _ => Task.CompletedTask,
                    server => MeasureAsync(server, messages, octets, clients));
            }
        }
    }

    private static async Task<TimeSpan> MeasureAsync(IImapServer server, int messages, int octets, int clients)
    {
        // Made before the clock runs, so that the client's work is the octets only.
        var made = Enumerable.Range(0, messages).Select(number => ImapMessage.Create(number, octets)).ToArray();
        var connections = await Task.WhenAll(Enumerable.Range(0, clients).Select(c => OpenEmptyAsync(server, c)));
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(connections.Select(async (connection, client) =>
        {
            for (var number = client; number < messages; number += clients)
            {
                await connection.AppendAsync(Folder, made[number]);
            }
        }));
        var elapsed = clock.Elapsed;
        foreach (var connection in connections)
        {
            await connection.RunAsync($"DELETE {Folder}");
            connection.Dispose();
        }

        return elapsed;
    }

    private static async Task<ImapConnection> OpenEmptyAsync(IImapServer server, int client)
    {
        var connection = await ImapConnection.LogInAsync(server.Port, ImapAccounts.Of(client));
        await connection.RunAsync($"CREATE {Folder}");
        return connection;
    }
}
