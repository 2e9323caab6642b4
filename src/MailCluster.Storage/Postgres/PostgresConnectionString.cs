using Npgsql;

namespace MailCluster.Storage.Postgres;

/// <summary>
/// An operator's connection string, as Npgsql reads it, with our settings where it names none. Holds a secret: it is
/// never put into a message or a log.
/// </summary>
public sealed class PostgresConnectionString
{
    private static readonly (string Key, object Value)[] Defaults =
    [
        // A server that does not answer must not hold up senders for longer than they would wait for their 451.
        ("Timeout", 5),
        ("Command Timeout", 20),
        // Finds a connection whose server is gone without a word.
        ("Keepalive", 10),
        ("Max Auto Prepare", 100),
        ("Auto Prepare Min Usages", 2),
        ("Application Name", "mailcluster"),
        ("Maximum Pool Size", 40),
        // Tried first by default, and missing in small images; who uses Kerberos says so.
        ("GSS Encryption Mode", "Disable"),
        // For the server: a node that is lost with its machine says no goodbye, and what it had locked, such as the next
        // number of a partition in the journal, would stay so for hours. Nobody thinks within a transaction. A pooler
        // that takes no such options needs a word of its own here, such as Options=-cstatement_timeout=0.
        (
            "Options",
            "-c idle_in_transaction_session_timeout=5s -c tcp_user_timeout=10s"
            + " -c tcp_keepalives_idle=5s -c tcp_keepalives_interval=2s -c tcp_keepalives_count=3"
        ),
    ];

    /// <summary>For a change of the tables: a new index takes as long as the mail that is there.</summary>
    private static readonly TimeSpan SchemaPatience = TimeSpan.FromHours(12);

    /// <summary>Nobody waits for a 451 then, and many nodes may come at once.</summary>
    private const int SchemaConnectSeconds = 60;

    private PostgresConnectionString(NpgsqlConnectionStringBuilder builder)
    {
        foreach (var (key, value) in Defaults)
        {
            if (!builder.ShouldSerialize(key))
            {
                builder[key] = value;
            }
        }

        HasPassword = builder.Password is not null;
        Server = $"{builder.Host}:{builder.Port}/{builder.Database}";
        JournalText = builder.ConnectionString;
        builder.Pooling = false; // Connections are kept by their users, with their prepared statements.
        Text = builder.ConnectionString;
    }

    /// <summary>Host, port and database: what a person may be told.</summary>
    public string Server { get; }

    public bool HasPassword { get; }

    /// <summary>For a library that opens and closes a connection each time: with a pool.</summary>
    public string JournalText { get; }

    internal string Text { get; }

    /// <summary>Null where the text is no connection string, or names no host or database.</summary>
    public static PostgresConnectionString? TryParse(string text)
    {
        try
        {
            var builder = new NpgsqlConnectionStringBuilder(text);
            return builder.Host is null || builder.Database is null ? null : new PostgresConnectionString(builder);
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException or InvalidCastException)
        {
            return null;
        }
    }

    internal PostgresConnectionString ForSchema()
    {
        var builder = new NpgsqlConnectionStringBuilder(JournalText) { CommandTimeout = (int)SchemaPatience.TotalSeconds };
        builder.Timeout = Math.Max(builder.Timeout, SchemaConnectSeconds);
        return new(builder);
    }

    public override string ToString() => Server; // no password in a log
}
