using System.Collections.Immutable;
using System.Net;

namespace MailCluster.Node.Configuration;

internal enum ListenerProtocol
{
    /// <summary>Mail from other servers, RFC 5321.</summary>
    Smtp,

    /// <summary>Mail from users, RFC 6409.</summary>
    Submission,

    /// <summary>RFC 1939.</summary>
    Pop3,

    /// <summary>RFC 9051, RFC 3501.</summary>
    Imap,
}

internal enum ListenerTls
{
    /// <summary>Plaintext only.</summary>
    None,

    /// <summary>Plaintext until the client asks for TLS: STARTTLS (RFC 3207, RFC 9051), STLS (RFC 2595).</summary>
    StartTls,

    /// <summary>TLS from the first octet (RFC 8314).</summary>
    Implicit,
}

/// <summary>One port that takes connections.</summary>
internal sealed record ListenerSection(
    string Name, ListenerProtocol Protocol, IPAddress Address, int Port, ListenerTls Tls)
{
    private const string Key = "Listeners";

    /// <summary>
    /// All protocols on loopback, on ports that need no privilege. In force where the file names no listener.
    /// </summary>
    public static readonly ImmutableArray<ListenerSection> Example =
    [
        new("smtp", ListenerProtocol.Smtp, IPAddress.Loopback, 2525, ListenerTls.StartTls),
        new("submission", ListenerProtocol.Submission, IPAddress.Loopback, 2587, ListenerTls.StartTls),
        new("submissions", ListenerProtocol.Submission, IPAddress.Loopback, 2465, ListenerTls.Implicit),
        new("imap", ListenerProtocol.Imap, IPAddress.Loopback, 2143, ListenerTls.StartTls),
        new("imaps", ListenerProtocol.Imap, IPAddress.Loopback, 2993, ListenerTls.Implicit),
        new("pop3", ListenerProtocol.Pop3, IPAddress.Loopback, 2110, ListenerTls.StartTls),
        new("pop3s", ListenerProtocol.Pop3, IPAddress.Loopback, 2995, ListenerTls.Implicit),
    ];

    /// <summary>Proxies: their connections must begin with a PROXY header, which names the client.</summary>
    public ImmutableArray<IPNetwork> ProxyNetworks { get; init; } = [];

    /// <summary>What users' programs are told: another than <see cref="Port"/> where something stands before the node.</summary>
    public int PublicPort { get; init; } = Port;

    public IPEndPoint EndPoint => new(Address, Port);

    /// <summary>
    /// Reads an object of listeners by name, or an array whose elements have a Name. What the environment or the
    /// command line says of a listener is laid over the file's, or over the example's.
    /// </summary>
    public static ImmutableArray<ListenerSection> ReadAll(SettingsReader settings)
    {
        var listeners = settings.Children(Key).Select(child => Read(settings, child)).ToImmutableArray();
        var taken = new Dictionary<IPEndPoint, string>();
        foreach (var listener in listeners)
        {
            if (listener.Port != 0 && !taken.TryAdd(listener.EndPoint, listener.Name))
            {
                throw ConfigurationException.Of(
                    $"{Key}:{listener.Name}:Port",
                    SettingKinds.Port.Write(listener.Port),
                    $"a port that listener {taken[listener.EndPoint]} does not have already");
            }
        }

        return listeners;
    }

    /// <summary>The example as settings, for a configuration that has no listeners of its own.</summary>
    public static Dictionary<string, string?> ExampleSettings() =>
        new(Example.SelectMany(ToSettings), StringComparer.OrdinalIgnoreCase);

    private static KeyValuePair<string, string?>[] ToSettings(ListenerSection listener) =>
        [
            new($"{Key}:{listener.Name}:Protocol", SettingKinds.OneOf<ListenerProtocol>().Write(listener.Protocol)),
            new($"{Key}:{listener.Name}:Address", listener.Address.ToString()),
            new($"{Key}:{listener.Name}:Port", SettingKinds.Port.Write(listener.Port)),
            new($"{Key}:{listener.Name}:Tls", SettingKinds.OneOf<ListenerTls>().Write(listener.Tls)),
        ];

    private static ListenerSection Read(SettingsReader settings, string child)
    {
        var key = $"{Key}:{child}";
        var port = settings.ReadRequired($"{key}:Port", SettingKinds.ListenPort);
        return new(
            settings.Read($"{key}:Name", SettingKinds.Text, child),
            settings.ReadRequired($"{key}:Protocol", SettingKinds.OneOf<ListenerProtocol>()),
            settings.Read($"{key}:Address", SettingKinds.Address, IPAddress.Loopback),
            port,
            settings.Read($"{key}:Tls", SettingKinds.OneOf<ListenerTls>(), ListenerTls.StartTls))
        {
            PublicPort = settings.Read($"{key}:PublicPort", SettingKinds.ListenPort, port),
            ProxyNetworks = settings.ReadList($"{key}:ProxyNetworks", SettingKinds.Network, []),
        };
    }
}
