using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MailCluster.Ledger;

/// <summary>Reads the ids of all messages in a maildrop over POP3.</summary>
internal static class MaildropReader
{
    public static async Task<int> ReadAsync(int port, string user, string password, Ledger ledger)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
        await OkAsync(reader);
        await SayAsync(client, $"USER {user}\r\nPASS {password}\r\nSTAT\r\n");
        await OkAsync(reader);
        await OkAsync(reader);
        var count = int.Parse((await OkAsync(reader)).Split(' ')[1], CultureInfo.InvariantCulture);
        for (var number = 1; number <= count; number++)
        {
            await SayAsync(client, $"TOP {number} 0\r\n");
            await OkAsync(reader);
            while (await reader.ReadLineAsync() is { } line && line != ".")
            {
                if (SubjectId.Find(line) is { } id)
                {
                    ledger.Arrive(id);
                }
            }
        }

        return count;
    }

    private static async Task<string> OkAsync(StreamReader reader)
    {
        var line = await reader.ReadLineAsync();
        return line?.StartsWith("+OK", StringComparison.Ordinal) == true ? line : throw new IOException($"POP3 said: {line}");
    }

    private static async Task SayAsync(TcpClient client, string text) =>
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text));
}
