using System.Globalization;

namespace MailCluster.Benchmarks.Servers;

/// <summary>
/// Debian's Postfix with folders of its own, tuned for the load: no limits of clients, a hundred connections to the next
/// hop, no DNS. What it says of a message it says to syslog, which nobody hears here; this project's log is as quiet.
/// </summary>
internal sealed class PostfixServer : IMailServer
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _configuration;
    private readonly int _master;

    private PostfixServer(string configuration, int port, int master)
    {
        _configuration = configuration;
        Port = port;
        _master = master;
    }

    public string Name => "Postfix";

    public int Port { get; }

    public TimeSpan ProcessorTime => ProcessFigures.ProcessorTime(_master);

    /// <summary>What is missing to run it, or null.</summary>
    public static string? Missing =>
        Environment.UserName != "root" ? "the rights of root, which Postfix needs to be started"
        : !File.Exists("/usr/sbin/postfix") || !File.Exists("/usr/sbin/smtp-source") ? "Debian's package postfix"
        : null;

    /// <summary>With a next hop on that port; where <paramref name="deferred"/> mail stays queued.</summary>
    public static async Task<PostfixServer> StartAsync(string folder, int port, int nextHop, bool deferred)
    {
        var configuration = Path.Combine(folder, "etc");
        foreach (var name in new[] { "etc", "spool", "lib" })
        {
            Directory.CreateDirectory(Path.Combine(folder, name));
        }

        await ExternalProgram.RunAsync("chown", "postfix", Path.Combine(folder, "lib"));
        await File.WriteAllTextAsync(Path.Combine(configuration, "main.cf"), Parameters(folder, nextHop, deferred));
        await File.WriteAllLinesAsync(Path.Combine(configuration, "master.cf"), Services(port));
        await ExternalProgram.RunAsync("postfix", "-c", configuration, "start");
        return new PostfixServer(configuration, port, await FindMasterAsync(Path.Combine(folder, "spool", "pid", "master.pid")));
    }

    public async ValueTask DisposeAsync() => await ExternalProgram.RunAsync("postfix", "-c", _configuration, "stop");

    private static string Parameters(string folder, int nextHop, bool deferred) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        compatibility_level = 3.6
        queue_directory = {folder}/spool
        data_directory = {folder}/lib
        command_directory = /usr/sbin
        daemon_directory = /usr/lib/postfix/sbin
        mail_owner = postfix
        setgid_group = postdrop
        myhostname = postfix.example
        mydestination =
        mynetworks = 127.0.0.0/8
        inet_interfaces = 127.0.0.1
        inet_protocols = ipv4
        relayhost = [127.0.0.1]:{nextHop}
        disable_dns_lookups = yes
        smtp_host_lookup = native
        smtp_tls_security_level = none
        default_process_limit = 200
        default_destination_concurrency_limit = 100
        initial_destination_concurrency = 20
        qmgr_message_active_limit = 20000
        smtpd_client_connection_count_limit = 0
        in_flow_delay = 0
        {(deferred ? "defer_transports = smtp" : "")}

        """);

    /// <summary>Debian's services, with our port for the one that takes mail, and no chroot to fill first.</summary>
    private static IEnumerable<string> Services(int port)
    {
        foreach (var line in File.ReadLines("/usr/share/postfix/master.cf.dist"))
        {
            var fields = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length >= 8 && line[0] != '#' && !char.IsWhiteSpace(line[0]))
            {
                fields[0] = fields is ["smtp", "inet", ..] ? $"127.0.0.1:{port}" : fields[0];
                fields[4] = "n";
                yield return string.Join(' ', fields);
            }
            else
            {
                yield return line;
            }
        }
    }

    /// <summary>By another program, since the runtime opens no file that somebody has locked, as the master has this.</summary>
    private static async Task<int> FindMasterAsync(string file)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        do
        {
            var (_, said) = await ExternalProgram.TryRunAsync("cat", file);
            if (int.TryParse(said, CultureInfo.InvariantCulture, out var id))
            {
                return id;
            }
        }
        while (!patience.IsCancellationRequested && await poll.WaitForNextTickAsync());
        throw new TimeoutException($"Postfix wrote no {file}");
    }
}
