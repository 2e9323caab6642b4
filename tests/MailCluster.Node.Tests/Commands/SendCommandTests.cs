using System.Net;
using System.Net.Sockets;
using System.Text;
using MailCluster.Node.Commands;
using MailCluster.Node.Tests.Fakes;

namespace MailCluster.Node.Tests.Commands;

public sealed class SendCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("a\nb", "a\r\nb")]
    [InlineData("a\r\nb\r\n", "a\r\nb\r\n")]
    [InlineData("a\rb\n\nc", "a\r\nb\r\n\r\nc")]
    [InlineData("\r\r\n", "\r\n\r\n")]
    [InlineData("", "")]
    public void Line_ends_become_those_of_the_wire(string file, string wire) =>
        Assert.Equal(wire, Encoding.ASCII.GetString(MessageFile.ToWire(Encoding.ASCII.GetBytes(file))));

    [Fact]
    public async Task A_message_is_sent_and_each_reply_printed()
    {
        using var server = new OneShotSmtpServer(command => command switch
        {
            _ when command.StartsWith("RCPT TO:<nobody@", StringComparison.Ordinal) => "550 5.1.1 No such user",
            _ => null,
        });
        var file = _folder.Write("message.eml", "Subject: Hi\n\n.dot\nDo you like ketchup?\n");

        var run = await SendAsync(server, "--to", "bob@hamburger.edu", "--to", "nobody@hamburger.edu", "--file", file);

        Assert.Equal(CommandLine.Refused, run.ExitCode);
        Assert.Equal("bob@hamburger.edu: 250 2.0.0 Queued\nnobody@hamburger.edu: 550 5.1.1 No such user\n", run.Output);
        Assert.Contains("MAIL FROM:<alice@crepes.fr>", await server.Commands, StringComparison.Ordinal);
        Assert.Contains(
            "Subject: Hi\r\n\r\n..dot\r\nDo you like ketchup?\r\n.\r\n", await server.Commands, StringComparison.Ordinal);
        Assert.EndsWith("QUIT\r\n", await server.Commands, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_may_come_from_standard_input()
    {
        using var server = new OneShotSmtpServer(_ => null);

        var run = await SendAsync(server, "--to", "bob@hamburger.edu", "--file", "-");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("\r\nfrom input\r\n.\r\n", await server.Commands, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_refuses_the_session_is_a_refusal()
    {
        using var server = new OneShotSmtpServer(_ => null, greeting: "554 5.7.1 Not you");

        var run = await SendAsync(server, "--to", "bob@hamburger.edu", "--file", "-");

        Assert.Equal(CommandLine.Refused, run.ExitCode);
        Assert.Contains("Not you", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_login_is_never_sent_without_TLS()
    {
        using var server = new OneShotSmtpServer(_ => null);

        var run = await SendAsync(
            server, "--to", "bob@hamburger.edu", "--file", "-", "--user", "alice@crepes.fr", "--password-stdin");

        Assert.Equal(CommandLine.Refused, run.ExitCode);
        Assert.DoesNotContain("AUTH", await server.Commands, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_missing_is_a_refusal()
    {
        using var server = new OneShotSmtpServer(_ => null);

        var run = await SendAsync(server, "--to", "bob@hamburger.edu", "--file", _folder.File("missing.eml"));

        Assert.Equal(CommandLine.Refused, run.ExitCode);
        Assert.StartsWith("mailcluster: --file ", run.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private Task<CommandRun> SendAsync(OneShotSmtpServer server, params string[] args) => CommandRun.OfAsync(
        _folder.Path,
        ["send", "--from", "alice@crepes.fr", "--port", $"{server.Port}", .. args],
        input: "from input\n");

    /// <summary>Takes one connection and says yes to everything, but for what the test answers itself.</summary>
    private sealed class OneShotSmtpServer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly Func<string, string?> _answer;
        private readonly string _greeting;

        public OneShotSmtpServer(Func<string, string?> answer, string greeting = "220 test ESMTP")
        {
            (_answer, _greeting) = (answer, greeting);
            _listener.Start();
            Commands = ServeAsync();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        /// <summary>All that the client said, when it has hung up.</summary>
        public Task<string> Commands { get; }

        public void Dispose() => _listener.Dispose();

        private async Task<string> ServeAsync()
        {
            using var client = await _listener.AcceptTcpClientAsync();
            using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
            await using var writer = new StreamWriter(client.GetStream(), Encoding.Latin1);
            (writer.NewLine, writer.AutoFlush) = ("\r\n", true);
            var said = new StringBuilder();
            var inContent = false;
            await writer.WriteLineAsync(_greeting);
            while (await reader.ReadLineAsync() is { } line)
            {
                said.Append(line).Append("\r\n");
                inContent = inContent ? line != "." : line == "DATA";
                if (!inContent || line == "DATA")
                {
                    await writer.WriteLineAsync(_answer(line) ?? Default(line));
                }

                if (line == "QUIT")
                {
                    break;
                }
            }

            return said.ToString();
        }

        private static string Default(string line) => line switch
        {
            "DATA" => "354 Go on",
            "." => "250 2.0.0 Queued",
            "QUIT" => "221 2.0.0 Bye",
            _ => "250 OK",
        };
    }
}
