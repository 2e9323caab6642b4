using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using MailCluster.Mail.Addresses;
using MailCluster.Node.Configuration;
using MailCluster.Node.Listeners;
using MailCluster.Smtp.Client;

namespace MailCluster.Node.Commands;

/// <summary>Sends one message from a file, to try a server or to use it from scripts.</summary>
internal sealed class SendCommand
{
    private const string Examples =
        """
          mailcluster send --from alice@crepes.fr --to bob@hamburger.edu --file message.eml
          mailcluster send --from bob@hamburger.edu --to alice@crepes.fr --file message.eml --user bob@hamburger.edu
        """;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(30);

    private readonly Option<MailAddress> _from = new("--from")
    {
        Description = "The sender.",
        HelpName = "address",
        Required = true,
        CustomParser = Arguments.ParseAddress,
    };

    private readonly Option<MailAddress[]> _to = new("--to")
    {
        Description = "A recipient; may be repeated.",
        HelpName = "address",
        Required = true,
        CustomParser = Arguments.ParseAddresses,
    };

    private readonly Option<string> _file = new("--file")
    {
        Description = "The message, with its header; - for standard input.",
        HelpName = "path",
        Required = true,
    };

    private readonly Option<string> _host = new("--host")
    {
        Description = "The server.",
        DefaultValueFactory = _ => "127.0.0.1",
    };

    private readonly Option<int?> _port = new("--port")
    {
        Description = "Its port. Without it: that of the configuration's SMTP listener; with --user, of submission.",
    };

    private readonly Option<string?> _user = new("--user")
    {
        Description = "Logs in with this name; the password is asked for.",
        HelpName = "address",
    };

    private readonly Option<bool> _passwordFromInput = new("--password-stdin")
    {
        Description = "Reads the password from the first line of standard input.",
    };

    public static Command Create(SettingsOptions settings, Terminal terminal)
    {
        var options = new SendCommand();
        var command = new ExampleCommand("send", "Sends a message from a file, by SMTP.", Examples)
        {
            options._from,
            options._to,
            options._file,
            options._host,
            options._port,
            options._user,
            options._passwordFromInput,
        };
        command.SetAction((parsed, cancellation) =>
            options.SendAsync(parsed, settings.Load(parsed).Options, terminal, cancellation));
        return command;
    }

    private async Task<int> SendAsync(
        ParseResult parsed, MailClusterOptions options, Terminal terminal, CancellationToken cancellation)
    {
        var recipients = parsed.GetRequiredValue(_to);
        var login = parsed.GetValue(_user);
        var credentials = login is null
            ? null
            : new SmtpCredentials(login, ReadPassword(terminal, login, parsed.GetValue(_passwordFromInput)));
        var content = MessageFile.Read(parsed.GetRequiredValue(_file), terminal.Input);
        var host = parsed.GetRequiredValue(_host);
        var port = parsed.GetValue(_port) ?? DefaultPort(options, submits: login is not null);
        var server = await FindAsync(host, port, cancellation);
        var sender = new MessageSender(new OutboundConnector(ConnectTimeout), options.Node.Hostname);
        var results = await sender.SendAsync(
            host, server, credentials, parsed.GetValue(_from), recipients, content, cancellation);
        return Write(terminal, recipients, results);
    }

    private static string ReadPassword(Terminal terminal, string user, bool fromInput)
    {
        var password = fromInput ? terminal.Input.ReadLine()
            : terminal.ReadSecret is { } ask ? ask($"Password of {user}: ")
            : throw new CommandRefusedException("nobody is there to ask for the password: use --password-stdin");
        return password is { Length: > 0 } ? password : throw new CommandRefusedException("the password is empty");
    }

    private static int DefaultPort(MailClusterOptions options, bool submits)
    {
        var protocol = submits ? ListenerProtocol.Submission : ListenerProtocol.Smtp;
        return options.Listeners.FirstOrDefault(l => l.Protocol == protocol && l.Tls != ListenerTls.Implicit)?.Port
            ?? throw new CommandRefusedException("the configuration has no listener for this: use --port");
    }

    private static async Task<IPEndPoint> FindAsync(string host, int port, CancellationToken cancellation)
    {
        try
        {
            var addresses = await System.Net.Dns.GetHostAddressesAsync(host, cancellation);
            return new IPEndPoint(addresses[0], port);
        }
        catch (SocketException unknown)
        {
            throw new CommandRefusedException($"{host}: {unknown.Message}");
        }
    }

    private static int Write(Terminal terminal, MailAddress[] recipients, IReadOnlyList<RecipientResult> results)
    {
        for (var i = 0; i < recipients.Length; i++)
        {
            terminal.Output.WriteLine($"{recipients[i]}: {results[i].Reply}");
        }

        return results.All(result => result is RecipientResult.Delivered) ? CommandLine.Done : CommandLine.Refused;
    }
}
