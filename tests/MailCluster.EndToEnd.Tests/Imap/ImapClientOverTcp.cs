using System.Globalization;
using System.Net;
using System.Text;
using MailCluster.EndToEnd.Tests.Fakes;

namespace MailCluster.EndToEnd.Tests.Imap;

/// <summary>A client that says commands one behind the other, and takes every answer but OK for an error.</summary>
internal sealed class ImapClientOverTcp(LineClient connection) : IDisposable
{
    private int _commands;

    /// <summary>Logged in, with the INBOX selected.</summary>
    public static async Task<ImapClientOverTcp> SelectAsync(IPEndPoint server, string user, string password)
    {
        var client = new ImapClientOverTcp(await LineClient.ConnectAsync(server));
        Assert.StartsWith("* OK ", await client.ReadLineAsync("the greeting"), StringComparison.Ordinal);
        await client.SayAsync($"LOGIN {user} {password}");
        await client.SayAsync("SELECT INBOX");
        return client;
    }

    /// <summary>The untagged responses of a command.</summary>
    public async Task<List<string>> SayAsync(string command)
    {
        var tag = string.Create(CultureInfo.InvariantCulture, $"c{++_commands}");
        await connection.WriteAsync(Encoding.UTF8.GetBytes($"{tag} {command}\r\n"));
        var untagged = new List<string>();
        while (await ReadLineAsync($"the answer to {command}") is var line)
        {
            if (line.StartsWith(tag, StringComparison.Ordinal))
            {
                Assert.StartsWith($"{tag} OK", line, StringComparison.Ordinal);
                break;
            }

            untagged.Add(line);
        }

        return untagged;
    }

    public async Task IdleAsync()
    {
        await connection.WriteAsync("idle IDLE\r\n"u8.ToArray());
        Assert.StartsWith("+ ", await ReadLineAsync("leave to idle"), StringComparison.Ordinal);
    }

    public async Task<string> ReadLineAsync(string what) =>
        await connection.ReadLineAsync().OrSay(() => what) ?? throw new IOException($"The server closed instead of {what}.");

    public void Dispose() => connection.Dispose();
}
