using MailCluster.Node.Configuration;
using MailCluster.Node.Tests.Fakes;

namespace MailCluster.Node.Tests.Configuration;

/// <summary>Every key: what it is without being set, a value that it takes, one that it refuses.</summary>
public sealed class SettingsTableTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static readonly TheoryData<string, string, string, string, string> Table = new()
    {
        { "Node:Hostname", "mail.hamburger.edu", "MX.Example.org", "mx.example.org", "not a host" },
        { "Node:CreateExampleDomain", "true", "False", "false", "maybe" },
        { "Node:ShutdownTimeout", "30s", "90s", "90s", "0s" },
        { "Listeners:smtp:Name", "smtp", "mx", "mx", "" },
        { "Listeners:smtp:Protocol", "smtp", "IMAP", "imap", "x400" },
        { "Listeners:smtp:Address", "127.0.0.1", "::", "::", "1" },
        { "Listeners:smtp:Port", "2525", "0", "0", "65536" },
        { "Listeners:smtp:PublicPort", "2525", "25", "25", "x" },
        { "Listeners:smtp:Tls", "starttls", "None", "none", "1" },
        { "Listeners:smtp:ProxyNetworks", "", "10.0.0.0/8,::1", "10.0.0.0/8, ::1/128", "10.0.0.0/33" },
        { "Tls:Certificate", "none", "none", "none", "/nowhere/cert.pem" },
        { "Tls:Key", "none", "NONE", "none", "/nowhere/key.pem" },
        { "Tls:PasswordFile", "none", "none", "none", "/nowhere/password" },
        { "Tls:MinVersion", "tls12", "Tls13", "tls13", "tls11" },
        { "Tls:HandshakeTimeout", "30s", "00:01:00", "1m", "never" },
        { "Smtp:MaxMessageSize", "50MB", "25MiB", "25MiB", "lots" },
        { "Smtp:MaxRecipients", "1000", "100", "100", "99" },
        { "Smtp:MaxErrors", "20", "1", "1", "0" },
        { "Smtp:MaxTransactions", "10000", "5", "5", "-1" },
        { "Smtp:MaxReceivedFields", "100", "1000", "1000", "1001" },
        { "Smtp:MaxConnections", "4000", "10", "10", "many" },
        { "Smtp:MaxConnectionsPerAddress", "1000", "10", "10", "1.5" },
        { "Smtp:CommandTimeout", "5m", "2s", "2s", "500ms" },
        { "Smtp:DataTimeout", "10m", "3m", "3m", "5" },
        { "Smtp:EnqueueTimeout", "1m", "10s", "10s", "11m" },
        { "Smtp:RelayNetworks", "", "10.0.0.0/8,::1", "10.0.0.0/8, ::1/128", "10.0.0.0/33" },
        { "Smtp:PlaintextAuthOnLoopback", "true", "false", "false", "0" },
        { "Imap:MaxConnections", "20000", "1", "1", "0" },
        { "Imap:MaxConnectionsPerAddress", "20000", "1", "1", "0" },
        { "Imap:IdleTimeout", "30m", "1h", "1h", "2d" },
        { "Imap:LoginTimeout", "2m", "1h", "1h", "2d" },
        { "Imap:MaxMessageSize", "50MB", "1MB", "1MB", "1" },
        { "Imap:MaxErrors", "50", "5", "5", "x" },
        { "Imap:MaxLoginFailures", "3", "5", "5", "0" },
        { "Imap:MaxContexts", "10", "20", "20", "0" },
        { "Imap:MaxCompressedConnections", "1000", "0", "0", "-1" },
        { "Imap:Unauthenticate", "true", "false", "false", "no" },
        { "Imap:PlaintextLoginOnLoopback", "true", "false", "false", "no" },
        { "Pop3:MaxConnections", "2000", "1", "1", "0" },
        { "Pop3:MaxConnectionsPerAddress", "1000", "1", "1", "0" },
        { "Pop3:IdleTimeout", "10m", "1h", "1h", "2d" },
        { "Pop3:MaxErrors", "20", "5", "5", "x" },
        { "Pop3:MaxLoginFailures", "3", "5", "5", "0" },
        { "Pop3:PlaintextLoginOnLoopback", "true", "false", "false", "no" },
        { "Storage:RecentBodies", "32MiB", "0", "0", "-1" },
        { "Search:MaxTextSize", "1MiB", "2MB", "2MB", "5MB" },
        { "Search:MaxHeaderSize", "256KiB", "1MB", "1MB", "5MB" },
        { "Search:MaxParts", "10000", "5", "5", "0" },
        { "Search:MaxDepth", "100", "5", "5", "101" },
        { "Search:IndexingShare", "20%", "0%", "0%", "101%" },
        { "Queue:Partitions", "32", "4", "4", "0" },
        { "Queue:RetryDelays", "30m", "2s, 5m, 1h", "2s, 5m, 1h", "1m, x" },
        { "Queue:Jitter", "3%", "0%", "0%", "0.03" },
        { "Queue:MaxAge", "5d", "96h", "4d", "31d" },
        { "Queue:DelayNoticeAfter", "4h", "none", "none", "off" },
        { "Queue:MaxEntriesPerPartition", "100000", "5", "5", "0" },
        { "Queue:WindowPerDestination", "50", "100", "100", "0" },
        { "Queue:ResendAfter", "10s", "5s", "5s", "0s" },
        { "Queue:EventsPerSnapshot", "5000", "100", "100", "99" },
        { "Queue:OrphanCheck", "1h", "1d", "1d", "1s" },
        { "Bounces:MaxReturnedSize", "256KiB", "0", "0", "51MB" },
        { "Relay:Tls", "opportunistic", "required", "required", "optional" },
        { "Relay:OutboundPort", "25", "2526", "2526", "0" },
        { "Relay:AllowLoopbackMx", "false", "true", "true", "" },
        { "Relay:MaxConnectionsPerDestination", "20", "5", "5", "0" },
        { "Relay:MessagesPerConnection", "1000", "1", "1", "0" },
        { "Relay:MessagesPerMinute", "none", "60", "60", "0" },
        { "Relay:ConnectionsPerMinute", "none", "6", "6", "-6" },
        { "Relay:ConnectTimeout", "30s", "5s", "5s", "1h" },
        { "Relay:IdleConnectionTimeout", "15s", "1m", "1m", "11m" },
        { "Relay:MinBackOff", "1m", "100ms", "100ms", "10ms" },
        { "Relay:MaxBackOff", "30m", "1h", "1h", "2d" },
        { "Dns:Servers", "", "127.0.0.1:5353, ::1", "127.0.0.1:5353, [::1]:53", "dns.example" },
        { "Dns:Timeout", "5s", "250ms", "250ms", "2m" },
        { "Dns:Retries", "2", "0", "0", "11" },
        { "Http:Address", "127.0.0.1", "0.0.0.0", "0.0.0.0", "localhost" },
        { "Http:Port", "8080", "0", "0", "http" },
        { "Logging:Format", "text", "JSON", "json", "xml" },
        { "Logging:Level", "information", "Debug", "debug", "loud" },
        { "Logging:AkkaLevel", "warning", "error", "error", "" },
        { "Cluster:Address", "127.0.0.1", "10.0.0.1", "10.0.0.1", "node-1" },
        { "Cluster:Port", "0", "8110", "8110", "-1" },
        { "Cluster:Roles", "smtp, queue, delivery, mailbox, access", "queue", "queue", "boss" },
        { "Cluster:Shards", "50", "100", "100", "0" },
        { "Cluster:Discovery", "none", "none", "none", "two words" },
        { "Cluster:SplitBrain", "majority", "lease", "lease", "oldest" },
        { "Cluster:StableAfter", "4s", "10s", "10s", "0s" },
        { "Cluster:Lease", "mailcluster", "mail", "mail", "" },
        { "Cluster:LeaseNamespace", "none", "mail", "mail", "" },
        { "Cluster:Certificate", "none", "none", "none", "/no/such/file" },
        { "Cluster:Key", "none", "none", "none", "/no/such/file" },
        { "Cluster:Authority", "none", "none", "none", "/no/such/file" },
        { "Storage:Provider", "sqlite", "sqlite", "sqlite", "oracle" },
        { "Storage:ConnectionStringFile", "none", "none", "none", "/no/such/file" },
        { "Storage:Readers", "4", "8", "8", "0" },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void A_key_has_its_default_takes_a_right_value_and_refuses_a_wrong_one(
        string key, string fallback, string valid, string effective, string invalid)
    {
        Assert.Equal(fallback, Load().Settings.Single(s => s.Key == key).Value);
        Assert.Equal(effective, Load($"{key}={valid}").Settings.Single(s => s.Key == key).Value);

        var allowed = Load().Settings.Single(s => s.Key == key).Allowed;
        var refusal = Assert.Throws<ConfigurationException>(() => Load($"{key}={invalid}"));
        Assert.StartsWith($"{key} = \"", refusal.Message, StringComparison.Ordinal);
        var one = allowed.Replace("a list, each ", "", StringComparison.Ordinal);
        Assert.EndsWith($": {one}", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public void The_table_has_every_key()
    {
        var listed = Table.Select(row => (string)row[0]).ToHashSet();

        var missing = Load().Settings.Select(setting => setting.Key)
            .Where(key => !listed.Contains(key) && key != NodeSection.DataFolderKey)
            .Where(key => !key.StartsWith("Listeners:", StringComparison.Ordinal))
            .Where(key => key is not ("Storage:ConnectionString" or "Cluster:Seeds")); // see ClusterSettingsTests

        Assert.Empty(missing);
    }

    [Fact]
    public void The_data_folder_is_a_full_path()
    {
        var loaded = LoadedConfiguration.Load(new() { Assignments = ["Node:DataFolder=some/where"] });

        Assert.Equal(Path.GetFullPath("some/where"), loaded.Options.Node.DataFolder);
    }

    [Fact]
    public void The_line_of_a_refusal_names_key_value_and_what_is_allowed()
    {
        var refusal = Assert.Throws<ConfigurationException>(() => Load("Smtp:MaxMessageSize=lots"));

        Assert.Equal("Smtp:MaxMessageSize = \"lots\": a size such as 50MB, from 64KB to 2GB", refusal.Message);
    }

    public void Dispose() => _folder.Dispose();

    private LoadedConfiguration Load(params string[] assignments) =>
        LoadedConfiguration.Load(new() { DataFolder = _folder.Path, Assignments = [.. assignments] });
}
