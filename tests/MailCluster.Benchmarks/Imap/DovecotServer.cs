using System.Diagnostics;
using System.Globalization;
using MailCluster.Benchmarks.Servers;

namespace MailCluster.Benchmarks.Imap;

/// <summary>
/// Debian's Dovecot with a configuration and folders of its own, tuned as its manual says for many clients: processes
/// that serve more than one login, no limit for an address. Mailboxes are mdbox, its fastest format; fsync is at its
/// default. Passwords are kept as ours are, SCRAM-SHA-256 with 4096 rounds, so that a login costs both the same.
/// </summary>
internal sealed class DovecotServer : IImapServer
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _master;

    private DovecotServer(Process master, int port)
    {
        _master = master;
        Port = port;
    }

    public string Name => "Dovecot";

    public int Port { get; }

    public TimeSpan ProcessorTime => ProcessFigures.ProcessorTime(_master.Id);

    public long Memory => ProcessFigures.ProportionalMemory(_master.Id);

    /// <summary>What is missing to run it, or null.</summary>
    public static string? Missing =>
        Environment.UserName != "root" ? "the rights of root, which Dovecot needs to be started"
        : !File.Exists("/usr/sbin/dovecot") || !File.Exists("/usr/lib/dovecot/imap") ? "Debian's package dovecot-imapd"
        : null;

    public static async Task<DovecotServer> StartAsync(string folder, int port, DovecotSetup setup)
    {
        foreach (var name in new[] { "run", "state", "mail" })
        {
            Directory.CreateDirectory(Path.Combine(folder, name));
        }

        await AddAccountsAsync(folder, setup);
        var configuration = Path.Combine(folder, "dovecot.conf");
        await File.WriteAllTextAsync(configuration, DovecotConfiguration.Write(folder, port, setup));

        // In the foreground: what the master and its children use is asked of this process.
        var master = Process.Start("dovecot", ["-F", "-c", configuration]);
        var server = new DovecotServer(master, port);
        try
        {
            await server.WaitUntilReadyAsync(Path.Combine(folder, "dovecot.log"));
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_master.HasExited)
        {
            await ExternalProgram.TryRunAsync("kill", "-TERM", _master.Id.ToString(CultureInfo.InvariantCulture));
        }

        await _master.WaitForExitAsync();
        _master.Dispose();
    }

    private static async Task AddAccountsAsync(string folder, DovecotSetup setup)
    {
        const int FirstUserId = 61_000;
        var verifier = await ExternalProgram.RunAsync(
            "doveadm", "pw", "-s", "SCRAM-SHA-256", "-p", ImapAccounts.Password);
        var lines = new List<string>();
        foreach (var user in ImapAccounts.All)
        {
            var id = setup == DovecotSetup.ManyLogins ? FirstUserId : FirstUserId + lines.Count;
            var home = Directory.CreateDirectory(Path.Combine(folder, "mail", user)).FullName;
            await ExternalProgram.RunAsync("chown", $"{id}:{id}", home);
            lines.Add($"{user}:{verifier.Trim()}:{id}:{id}::{home}::");
        }

        await File.WriteAllLinesAsync(Path.Combine(folder, "users"), lines);
    }

    private async Task WaitUntilReadyAsync(string log)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!patience.IsCancellationRequested && !_master.HasExited && await poll.WaitForNextTickAsync())
        {
            try
            {
                using var connection = await ImapConnection.OpenAsync(Port);
                return;
            }
            catch (System.Net.Sockets.SocketException)
            {
                // Not listening yet.
            }
        }

        var said = File.Exists(log) ? await File.ReadAllTextAsync(log) : "nothing";
        throw new InvalidOperationException($"Dovecot does not listen on port {Port}; its log says: {said}");
    }
}
