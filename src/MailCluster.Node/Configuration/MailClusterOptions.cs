using System.Collections.Immutable;

namespace MailCluster.Node.Configuration;

/// <summary>
/// Everything that an operator can set. Without any setting it is the example for a laptop: all on 127.0.0.1, data in
/// <c>./data</c>.
/// </summary>
internal sealed record MailClusterOptions
{
    public NodeSection Node { get; init; } = new();

    public StorageSection Storage { get; init; } = new();

    public ImmutableArray<ListenerSection> Listeners { get; init; } = ListenerSection.Example;

    /// <summary>Those of the node's roles.</summary>
    public IEnumerable<ListenerSection> OpenListeners => Listeners.Where(listener =>
        Cluster.Has(listener.Protocol is ListenerProtocol.Pop3 or ListenerProtocol.Imap ? ClusterRole.Access : ClusterRole.Smtp));

    public TlsSection Tls { get; init; } = new();

    public SmtpSection Smtp { get; init; } = new();

    public Pop3Section Pop3 { get; init; } = new();

    public ImapSection Imap { get; init; } = new();

    public SearchSection Search { get; init; } = new();

    public QueueSection Queue { get; init; } = new();

    public BouncesSection Bounces { get; init; } = new();

    public RelaySection Relay { get; init; } = new();

    public DnsSection Dns { get; init; } = new();

    public HttpSection Http { get; init; } = new();

    public LoggingSection Logging { get; init; } = new();

    public ClusterSection Cluster { get; init; } = new();

    /// <exception cref="ConfigurationException">A value is not allowed, or a key unknown.</exception>
    public static MailClusterOptions Read(SettingsReader settings)
    {
        var options = new MailClusterOptions
        {
            Node = NodeSection.Read(settings),
            Storage = StorageSection.Read(settings),
            Listeners = ListenerSection.ReadAll(settings),
            Tls = TlsSection.Read(settings),
            Smtp = SmtpSection.Read(settings),
            Pop3 = Pop3Section.Read(settings),
            Imap = ImapSection.Read(settings),
            Search = SearchSection.Read(settings),
            Queue = QueueSection.Read(settings),
            Bounces = BouncesSection.Read(settings),
            Relay = RelaySection.Read(settings),
            Dns = DnsSection.Read(settings),
            Http = HttpSection.Read(settings),
            Logging = LoggingSection.Read(settings),
            Cluster = ClusterSection.Read(settings),
        };
        settings.RefuseUnknown();
        options.RefuseClusterWithoutServer();
        return options;
    }

    private void RefuseClusterWithoutServer()
    {
        if (Storage.Provider == StorageProvider.Sqlite && (Cluster.Seeds.Length > 0 || Cluster.Discovery is not null))
        {
            throw ConfigurationException.Of(
                "Storage:Provider", "sqlite", "postgres where Cluster:Seeds or Cluster:Discovery name other nodes");
        }
    }
}
