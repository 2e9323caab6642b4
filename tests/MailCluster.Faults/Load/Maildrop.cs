using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using MailCluster.Faults.Cluster;

namespace MailCluster.Faults.Load;

/// <summary>Reads over POP3 which ledger messages a maildrop holds, whole or within bounces.</summary>
internal static class Maildrop
{
    public static async Task<int> ReadAsync(IPEndPoint node, string user, Action<string> found)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(node);
        // Over TLS, as nobody may log in without who is not on loopback; the certificate is the node's own.
        await using var stream = new SslStream(client.GetStream(), false, (_, shown, _, _) => shown is not null);
        await stream.AuthenticateAsClientAsync("hamburger.edu");
        using var reader = new StreamReader(stream, Encoding.ASCII);
        await OkAsync(reader);
        await SayAsync(stream, $"USER {user}@{FaultCluster.Domain}\r\nPASS {FaultCluster.Password}\r\nSTAT\r\n");
        await OkAsync(reader);
        await OkAsync(reader);
        var count = int.Parse((await OkAsync(reader)).Split(' ')[1], CultureInfo.InvariantCulture);
        for (var number = 1; number <= count; number++)
        {
            await SayAsync(stream, $"RETR {number}\r\n");
            await OkAsync(reader);
            while (await reader.ReadLineAsync() is { } line && line != ".")
            {
                if (SubjectId.Find(line) is { } id)
                {
                    found(id);
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

    private static async Task SayAsync(Stream stream, string text) =>
        await stream.WriteAsync(Encoding.ASCII.GetBytes(text));
}
