using System.CommandLine;
using System.CommandLine.Parsing;
using MailCluster.Node.Configuration;
using MailCluster.Node.Migration;
using MailCluster.Node.Migration.Imap;
using MailKit.Security;

namespace MailCluster.Node.Commands;

/// <summary>Brings an account of another server, over IMAP.</summary>
internal static class ImapImportCommand
{
    private const int ImplicitTlsPort = 993;
    private const int PlainPort = 143;

    private static readonly (string Name, SecureSocketOptions Tls)[] TlsNames =
    [
        ("implicit", SecureSocketOptions.SslOnConnect), ("starttls", SecureSocketOptions.StartTls),
        ("none", SecureSocketOptions.None),
    ];

    public static Command Create(SettingsOptions settings, Terminal terminal)
    {
        var address = Arguments.Address("The account here.");
        var host = new Option<string>("--host") { Description = "The other server.", Required = true };
        var user = new Option<string>("--user") { Description = "The login name there.", HelpName = "name", Required = true };
        var port = new Option<int?>("--port") { Description = "Its port. Without it: 993, or 143 where TLS is not implicit." };
        var tls = new Option<SecureSocketOptions>("--tls")
        {
            Description = "implicit, starttls or none. Without it: implicit. Certificates are checked.",
            HelpName = "mode",
            DefaultValueFactory = _ => SecureSocketOptions.SslOnConnect,
            CustomParser = ParseTls,
        };
        var password = new Option<string?>("--password-file")
        {
            Description = "A file with the password there. Without it, the password is asked for.",
            HelpName = "file",
        };
        var exclude = ImportCommands.Exclude();
        var command = new Command(
            "imap", "Brings another server's account with all its folders; nothing changes there." + ImportCommands.Again)
        {
            address, host, user, port, tls, password, exclude,
        };
        command.SetAction((parsed, cancellation) => ImportCommands.RunAsync(
            parsed, settings, terminal, parsed.GetValue(address), parsed.GetValue(exclude),
            async token =>
            {
                var mode = parsed.GetValue(tls);
                var fallback = mode == SecureSocketOptions.SslOnConnect ? ImplicitTlsPort : PlainPort;
                var name = parsed.GetRequiredValue(user);
                var source = new ImapSource(new ImapAccess(
                    parsed.GetRequiredValue(host), parsed.GetValue(port) ?? fallback, mode, name,
                    Password(terminal, parsed.GetValue(password), name)));
                return await OpenAsync(source, token);
            },
            cancellation));
        return command;
    }

    private static async Task<IMailSource> OpenAsync(ImapSource source, CancellationToken cancellation)
    {
        try
        {
            await source.ConnectAsync(cancellation);
            return source;
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }
    }

    private static string Password(Terminal terminal, string? file, string user) =>
        file is not null ? SecretFile.Read(file)
        : terminal.ReadSecret is { } ask ? ask($"Password of {user}: ")
        : throw new CommandRefusedException("nobody is there to ask for the password: use --password-file");

    private static SecureSocketOptions ParseTls(ArgumentResult parsed)
    {
        var text = parsed.Tokens[0].Value;
        var known = TlsNames.FirstOrDefault(mode => mode.Name.Equals(text, StringComparison.OrdinalIgnoreCase));
        if (known.Name is null)
        {
            parsed.AddError($"'{text}' is not implicit, starttls or none");
        }

        return known.Tls;
    }
}
