using System.Diagnostics;

namespace MailCluster.Benchmarks.Imap.Rows;

/// <summary>Logins without TLS, from ten clients at once, each with an account of its own.</summary>
internal static class LoginRows
{
    private const int Clients = 10;

    public static IEnumerable<ImapRow> Create(ImapSizes sizes) =>
    [
        new("connect, LOGIN and LOGOUT, 10 clients", sizes.Logins, _ => Task.CompletedTask, async server =>
        {
            var clock = Stopwatch.StartNew();
            await ForEachClientAsync(sizes.Logins, number => LogInAndOutAsync(server, number));
            return clock.Elapsed;
        }),
        new("LOGIN on connections open already, 10 clients", sizes.Logins, _ => Task.CompletedTask, server =>
            MeasureOpenAsync(server, sizes.Logins)),
    ];

    private static async Task LogInAndOutAsync(IImapServer server, int number)
    {
        using var connection = await ImapConnection.LogInAsync(server.Port, ImapAccounts.Of(number));
        await connection.RunAsync("LOGOUT");
    }

    private static async Task<TimeSpan> MeasureOpenAsync(IImapServer server, int logins)
    {
        const int SmallBuffer = 4096;
        var connections = new List<ImapConnection>();
        try
        {
            for (var i = 0; i < logins; i++)
            {
                connections.Add(await ImapConnection.OpenAsync(server.Port, SmallBuffer));
            }

            var clock = Stopwatch.StartNew();
            await ForEachClientAsync(logins, async number =>
            {
                await connections[number].LogInAsync(ImapAccounts.Of(number));
                // At once, since a server with a process for each session serves the next one by the same process.
                await connections[number].RunAsync("LOGOUT");
            });
            return clock.Elapsed;
        }
        finally
        {
            connections.ForEach(c => c.Dispose());
        }
    }

    private static Task ForEachClientAsync(int count, Func<int, Task> run) =>
        Task.WhenAll(Enumerable.Range(0, Clients).Select(async client =>
        {
            for (var number = client; number < count; number += Clients)
            {
                await run(number);
            }
        }));
}
