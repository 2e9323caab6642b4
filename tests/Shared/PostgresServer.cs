using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace MailCluster.Testing;

/// <summary>
/// A PostgreSQL of the tests' own: the installed program on a new data folder and a free port of 127.0.0.1, run by an
/// unprivileged user where the tests are root. Gone, with its data, when it is disposed or the tests' process ends.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _programs;
    private readonly string _folder;
    private readonly string _data;
    private readonly string[] _settings;
    private Process? _process;
    private int _databases;
    private string[] _hung = [];

    private PostgresServer(string programs, string folder, string data, string[] settings)
    {
        _programs = programs;
        _folder = folder;
        _data = data;
        _settings = settings;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => _process?.Kill(entireProcessTree: true);
    }

    /// <summary>What is missing on this machine, or null where a server can be started.</summary>
    public static string? Missing { get; } =
        FindPrograms() is null ? "PostgreSQL is not installed (no initdb in the path or below /usr/lib/postgresql)" : null;

    public int Port { get; } = FreePort();

    public int ProcessId => _process!.Id;

    /// <param name="settings">Beside the server's defaults, such as <c>fsync=off</c>.</param>
    public static Task<PostgresServer> StartAsync(params string[] settings) => StartInAsync(null, settings);

    /// <param name="data">A folder for the database's files, such as a small disk; null for one beside all else.</param>
    /// <param name="settings">Beside the server's defaults.</param>
    public static async Task<PostgresServer> StartInAsync(string? data, params string[] settings)
    {
        var programs = FindPrograms() ?? throw new InvalidOperationException(Missing);
        var folder = Directory.CreateTempSubdirectory("mailcluster-postgres-").FullName;
        var server = new PostgresServer(programs, folder, data ?? Path.Combine(folder, "data"), settings);
        Directory.CreateDirectory(server._data);
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", "-R", "postgres", folder, server._data);
        }

        // A small disk is for the data: a full write-ahead log would end the server.
        string[] log = data is null ? [] : ["-X", Path.Combine(folder, "wal")];
        await server.RunProgramAsync(
            "initdb", ["-D", server._data, "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8", .. log]);
        // Whom else it listens to, its caller decides; those on the same networks are the tests' own.
        await File.AppendAllTextAsync(Path.Combine(server._data, "pg_hba.conf"), "host all all samenet trust\n");
        await server.StartAsync();
        return server;
    }

    /// <summary>The connection string of a database of this server.</summary>
    public string ConnectionString(string database = "postgres") =>
        $"Host=127.0.0.1;Port={Port};Username=postgres;Database={database}";

    /// <summary>Makes an empty database; returns its connection string.</summary>
    public async Task<string> CreateDatabaseAsync(string template = "template1")
    {
        var name = $"test{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE {template}");
        return ConnectionString(name);
    }

    public async Task ExecuteAsync(string sql, string database = "postgres")
    {
        await using var connection = new NpgsqlConnection(ConnectionString(database) + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Tests write their own SQL.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Starts the server, also again on the same data, and waits until it answers.</summary>
    public async Task StartAsync()
    {
        List<string> arguments =
        [
            "-D", _data, "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "max_connections=300",
            "-p", Port.ToString(CultureInfo.InvariantCulture),
        ];
        foreach (var setting in _settings)
        {
            arguments.AddRange(["-c", setting]);
        }

        _process = Process.Start(Command(Path.Combine(_programs, "postgres"), [.. arguments]))!;
        var log = Path.Combine(_folder, "log");
        _process.OutputDataReceived += (_, line) => Append(log, line.Data);
        _process.ErrorDataReceived += (_, line) => Append(log, line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await WaitUntilItAnswersAsync(log);
    }

    /// <summary>Ends all connections and the server: a fast shutdown.</summary>
    public async Task StopAsync()
    {
        await RunAsync("kill", "-INT", ProcessId.ToString(CultureInfo.InvariantCulture));
        await EndedAsync();
    }

    /// <summary>What a crash of the machine does: nobody says good-bye, nothing is written.</summary>
    public async Task CrashAsync()
    {
        await RunAsync("kill", "-QUIT", ProcessId.ToString(CultureInfo.InvariantCulture));
        await EndedAsync();
    }

    /// <summary>The server takes connections, as its system does so for it, and answers nothing.</summary>
    public async Task HangAsync()
    {
        // First the one that starts others: those there are then, it has.
        _hung = [$"{ProcessId}"];
        await RunAsync("kill", ["-STOP", .. _hung]);
        var children = await File.ReadAllTextAsync($"/proc/{ProcessId}/task/{ProcessId}/children");
        _hung = [.. _hung, .. children.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        await RunAsync("kill", ["-STOP", .. _hung]);
    }

    /// <summary>After <see cref="HangAsync"/>: all that hang go on with what they were asked meanwhile.</summary>
    public async Task GoOnAsync()
    {
        await RunAsync("kill", ["-CONT", .. _hung]);
        _hung = [];
    }

    public async ValueTask DisposeAsync()
    {
        if (_hung.Length > 0)
        {
            await GoOnAsync(); // A process that is stopped would outlive its server.
        }

        if (_process is { HasExited: false })
        {
            await CrashAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static string? FindPrograms()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        var debian = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(version => Path.Combine(version, "bin"))
            : [];
        return debian.Concat(path).FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static void Append(string file, string? line)
    {
        if (line is not null)
        {
            lock (file)
            {
                File.AppendAllText(file, line + "\n");
            }
        }
    }

    /// <summary>The server refuses to be run by root.</summary>
    private static ProcessStartInfo Command(string program, params string[] arguments)
    {
        string[] words = Environment.IsPrivilegedProcess
            ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", program, .. arguments]
            : [program, .. arguments];
        return new ProcessStartInfo(words[0], words[1..])
        {
            WorkingDirectory = "/",
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
    }

    private static async Task RunAsync(string program, params string[] arguments) =>
        await RunAsync(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true });

    private static async Task RunAsync(ProcessStartInfo command)
    {
        using var process = Process.Start(command)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{command.FileName} ended with {process.ExitCode}: {await error} {await output}");
        }
    }

    private Task RunProgramAsync(string program, params string[] arguments) =>
        RunAsync(Command(Path.Combine(_programs, program), arguments));

    private async Task WaitUntilItAnswersAsync(string log)
    {
        var started = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await ExecuteAsync("SELECT 1");
                return;
            }
            catch (NpgsqlException) when (started.Elapsed < Patience && !_process!.HasExited)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50));
            }
            catch (NpgsqlException)
            {
                throw new InvalidOperationException($"PostgreSQL does not answer: {await File.ReadAllTextAsync(log)}");
            }
        }
    }

    private async Task EndedAsync()
    {
        await _process!.WaitForExitAsync().WaitAsync(Patience);
        _process.Dispose();
        _process = null;
    }
}
