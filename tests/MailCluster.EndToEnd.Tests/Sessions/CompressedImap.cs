using System.IO.Compression;
using System.Net.Sockets;
using System.Text;
using MailCluster.EndToEnd.Tests.Fakes;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Security;
using MimeKit;

namespace MailCluster.EndToEnd.Tests.Sessions;

/// <summary>COMPRESS=DEFLATE (RFC 4978) over TCP and TLS.</summary>
public sealed class CompressedImap : IAsyncLifetime
{
    private LiveNode _node = null!;

    public async Task InitializeAsync() => _node = await LiveNode.StartAsync();

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Theory]
    [InlineData("imaps", SecureSocketOptions.SslOnConnect)]
    [InlineData("imap", SecureSocketOptions.StartTls)]
    public async Task MailKit_puts_and_gets_messages_compressed(string listener, SecureSocketOptions security)
    {
        using var client = new ImapClient();
#pragma warning disable CA5359 // The node under test made its certificate by itself.
        client.ServerCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        await client.ConnectAsync("127.0.0.1", _node[listener].Port, security);
        await client.AuthenticateAsync("bob@hamburger.edu", "pickles");
        Assert.True(client.Capabilities.HasFlag(ImapCapabilities.Compress));
        await client.CompressAsync();
        var inbox = client.Inbox!;
        await inbox.OpenAsync(FolderAccess.ReadWrite);
        var text = string.Concat(Enumerable.Range(0, 50_000).Select(i => $"line {i}\r\n"));
        for (var i = 0; i < 3; i++)
        {
            using var message = new MimeMessage(
                [new MailboxAddress("", "a@b.example")], [new MailboxAddress("", "bob@hamburger.edu")], $"number {i}",
                new TextPart("plain") { Text = text });
            await inbox.AppendAsync(message);
        }

        await inbox.CheckAsync();
        Assert.Equal(3, inbox.Count);
        for (var i = 0; i < 3; i++)
        {
            using var message = await inbox.GetMessageAsync(i);
            Assert.Equal($"number {i}", message.Subject);
            Assert.Equal(text, message.TextBody?.ReplaceLineEndings("\r\n"));
        }

        await client.DisconnectAsync(quit: true);
    }

    [Fact]
    public async Task A_client_gets_in_and_out_of_compression()
    {
        using var tcp = new TcpClient { NoDelay = true };
        await tcp.ConnectAsync(_node["imap"]);
        var stream = tcp.GetStream();
        await ExpectAsync(stream, "* OK ");
        await SayAsync(stream, "a LOGIN bob@hamburger.edu pickles\r\n", "a OK ");
        await SayAsync(stream, "b COMPRESS DEFLATE\r\n", "b OK ");
        await using (var leaving = new DeflateStream(stream, CompressionLevel.Fastest, leaveOpen: true))
        {
            var arriving = new DeflateStream(stream, CompressionMode.Decompress, leaveOpen: true);
            await leaving.WriteAsync("c NOOP\r\n"u8.ToArray());
            await leaving.FlushAsync();
            await ExpectAsync(arriving, "c OK ");
            await leaving.WriteAsync("d UNAUTHENTICATE\r\n"u8.ToArray());
            await leaving.FlushAsync();
            await ExpectAsync(arriving, "d OK ");
            await SayAsync(stream, "e LOGIN alice@hamburger.edu ketchup\r\n", "e OK ");
            await SayAsync(stream, "f LOGOUT\r\n", "* BYE ");
        }
    }

    private static async Task SayAsync(Stream stream, string command, string reply)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(command));
        await ExpectAsync(stream, reply);
    }

    private static async Task ExpectAsync(Stream stream, string prefix)
    {
        var line = new StringBuilder();
        var octet = new byte[1];
        while (line.Length == 0 || line[^1] != '\n')
        {
            Assert.Equal(1, await stream.ReadAsync(octet).AsTask().WaitAsync(Patience.Limit));
            line.Append((char)octet[0]);
        }

        Assert.StartsWith(prefix, line.ToString(), StringComparison.Ordinal);
    }
}
