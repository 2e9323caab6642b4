using System.Net;

namespace MailCluster.Node.Configuration;

/// <summary>The HTTP listener: health and the operator's API.</summary>
internal sealed record HttpSection
{
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    public int Port { get; init; } = 8080;

    public static HttpSection Read(SettingsReader settings)
    {
        var fallback = new HttpSection();
        return new()
        {
            Address = settings.Read("Http:Address", SettingKinds.Address, fallback.Address),
            Port = settings.Read("Http:Port", SettingKinds.ListenPort, fallback.Port),
        };
    }
}
