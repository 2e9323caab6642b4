using System.Collections.Immutable;
using System.Net;

namespace MailCluster.Node.Configuration;

/// <summary>Limits of SMTP and submission, and who may relay.</summary>
internal sealed record SmtpSection
{
    /// <summary>SIZE of RFC 1870; RFC 5321 §4.5.3.1.7: at least 64K octets.</summary>
    public long MaxMessageSize { get; init; } = 50_000_000;

    /// <summary>RFC 5321 §4.5.3.1.8: at least 100.</summary>
    public int MaxRecipients { get; init; } = 1000;

    /// <summary>Errors before a session is closed with 421.</summary>
    public int MaxErrors { get; init; } = 20;

    /// <summary>MAILMAX of RFC 9422: messages in one connection.</summary>
    public int MaxTransactions { get; init; } = 10_000;

    /// <summary>RFC 5321 §6.3: more Received fields than this are a loop; at least 100.</summary>
    public int MaxReceivedFields { get; init; } = 100;

    public int MaxConnections { get; init; } = 4000;

    public int MaxConnectionsPerAddress { get; init; } = 1000;

    /// <summary>RFC 5321 §4.5.3.2.7: 5 minutes at least; less is for tests and sieges.</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>For the next block of content.</summary>
    public TimeSpan DataTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>For the queue to take a message; senders wait 10 minutes (RFC 5321 §4.5.3.2.6).</summary>
    public TimeSpan EnqueueTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Clients that may send to other domains without logging in.</summary>
    public ImmutableArray<IPNetwork> RelayNetworks { get; init; } = [];

    /// <summary>PLAIN and LOGIN without TLS from this machine.</summary>
    public bool PlaintextAuthOnLoopback { get; init; } = true;

    public static SmtpSection Read(SettingsReader settings)
    {
        var fallback = new SmtpSection();
        return new()
        {
            MaxMessageSize = settings.Read(
                "Smtp:MaxMessageSize", SettingKinds.Size("50MB", "64KB", "2GB"), fallback.MaxMessageSize),
            MaxRecipients = settings.Read(
                "Smtp:MaxRecipients", SettingKinds.Count(100, 100_000), fallback.MaxRecipients),
            MaxErrors = settings.Read("Smtp:MaxErrors", SettingKinds.Count(1, 10_000), fallback.MaxErrors),
            MaxTransactions = settings.Read(
                "Smtp:MaxTransactions", SettingKinds.Count(1, 1_000_000), fallback.MaxTransactions),
            MaxReceivedFields = settings.Read(
                "Smtp:MaxReceivedFields", SettingKinds.Count(100, 1000), fallback.MaxReceivedFields),
            MaxConnections = settings.Read(
                "Smtp:MaxConnections", SettingKinds.Count(1, 100_000), fallback.MaxConnections),
            MaxConnectionsPerAddress = settings.Read(
                "Smtp:MaxConnectionsPerAddress", SettingKinds.Count(1, 100_000), fallback.MaxConnectionsPerAddress),
            CommandTimeout = settings.Read(
                "Smtp:CommandTimeout", SettingKinds.Duration("5m", "1s", "1h"), fallback.CommandTimeout),
            DataTimeout = settings.Read(
                "Smtp:DataTimeout", SettingKinds.Duration("10m", "1s", "1h"), fallback.DataTimeout),
            EnqueueTimeout = settings.Read(
                "Smtp:EnqueueTimeout", SettingKinds.Duration("60s", "1s", "10m"), fallback.EnqueueTimeout),
            RelayNetworks = settings.ReadList("Smtp:RelayNetworks", SettingKinds.Network, fallback.RelayNetworks),
            PlaintextAuthOnLoopback = settings.Read(
                "Smtp:PlaintextAuthOnLoopback", SettingKinds.Flag, fallback.PlaintextAuthOnLoopback),
        };
    }
}
