namespace MailCluster.Node.Configuration;

/// <summary>Limits of IMAP.</summary>
internal sealed record ImapSection
{
    public int MaxConnections { get; init; } = 20_000;

    public int MaxConnectionsPerAddress { get; init; } = 20_000;

    /// <summary>RFC 9051 §5.4: 30 minutes at least; less is for tests.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>For those who are not logged in.</summary>
    public TimeSpan LoginTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Octets of a message that APPEND takes.</summary>
    public long MaxMessageSize { get; init; } = 50_000_000;

    public int MaxErrors { get; init; } = 50;

    public int MaxLoginFailures { get; init; } = 3;

    /// <summary>Results of a session's SEARCH and SORT that are kept up to date; RFC 5267 §4.3.1 asks for one at least.</summary>
    public int MaxContexts { get; init; } = 10;

    /// <summary>Each takes some 300 KB; 0 for no compression at all.</summary>
    public int MaxCompressedConnections { get; init; } = 1_000;

    /// <summary>A client may log out of an account and into another (RFC 8437).</summary>
    public bool Unauthenticate { get; init; } = true;

    /// <summary>Passwords without TLS from this machine.</summary>
    public bool PlaintextLoginOnLoopback { get; init; } = true;

    public static ImapSection Read(SettingsReader settings)
    {
        var fallback = new ImapSection();
        return new()
        {
            MaxConnections = settings.Read(
                "Imap:MaxConnections", SettingKinds.Count(1, 100_000), fallback.MaxConnections),
            MaxConnectionsPerAddress = settings.Read(
                "Imap:MaxConnectionsPerAddress", SettingKinds.Count(1, 100_000), fallback.MaxConnectionsPerAddress),
            IdleTimeout = settings.Read(
                "Imap:IdleTimeout", SettingKinds.Duration("30m", "1s", "1d"), fallback.IdleTimeout),
            LoginTimeout = settings.Read(
                "Imap:LoginTimeout", SettingKinds.Duration("2m", "1s", "1d"), fallback.LoginTimeout),
            MaxMessageSize = settings.Read("Imap:MaxMessageSize", SettingKinds.Size("50MB", "1KB", "2GB"), fallback.MaxMessageSize),
            MaxErrors = settings.Read("Imap:MaxErrors", SettingKinds.Count(1, 10_000), fallback.MaxErrors),
            MaxLoginFailures = settings.Read(
                "Imap:MaxLoginFailures", SettingKinds.Count(1, 100), fallback.MaxLoginFailures),
            MaxContexts = settings.Read("Imap:MaxContexts", SettingKinds.Count(1, 100), fallback.MaxContexts),
            MaxCompressedConnections = settings.Read(
                "Imap:MaxCompressedConnections", SettingKinds.Count(0, 100_000), fallback.MaxCompressedConnections),
            Unauthenticate = settings.Read("Imap:Unauthenticate", SettingKinds.Flag, fallback.Unauthenticate),
            PlaintextLoginOnLoopback = settings.Read(
                "Imap:PlaintextLoginOnLoopback", SettingKinds.Flag, fallback.PlaintextLoginOnLoopback),
        };
    }
}
