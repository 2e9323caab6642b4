namespace MailCluster.Node.Configuration;

/// <summary>Limits of POP3.</summary>
internal sealed record Pop3Section
{
    public int MaxConnections { get; init; } = 2000;

    public int MaxConnectionsPerAddress { get; init; } = 1000;

    /// <summary>RFC 1939 §3: 10 minutes at least; less is for tests.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(10);

    public int MaxErrors { get; init; } = 20;

    public int MaxLoginFailures { get; init; } = 3;

    /// <summary>Passwords without TLS from this machine.</summary>
    public bool PlaintextLoginOnLoopback { get; init; } = true;

    public static Pop3Section Read(SettingsReader settings)
    {
        var fallback = new Pop3Section();
        return new()
        {
            MaxConnections = settings.Read(
                "Pop3:MaxConnections", SettingKinds.Count(1, 100_000), fallback.MaxConnections),
            MaxConnectionsPerAddress = settings.Read(
                "Pop3:MaxConnectionsPerAddress", SettingKinds.Count(1, 100_000), fallback.MaxConnectionsPerAddress),
            IdleTimeout = settings.Read(
                "Pop3:IdleTimeout", SettingKinds.Duration("10m", "1s", "1d"), fallback.IdleTimeout),
            MaxErrors = settings.Read("Pop3:MaxErrors", SettingKinds.Count(1, 10_000), fallback.MaxErrors),
            MaxLoginFailures = settings.Read(
                "Pop3:MaxLoginFailures", SettingKinds.Count(1, 100), fallback.MaxLoginFailures),
            PlaintextLoginOnLoopback = settings.Read(
                "Pop3:PlaintextLoginOnLoopback", SettingKinds.Flag, fallback.PlaintextLoginOnLoopback),
        };
    }
}
