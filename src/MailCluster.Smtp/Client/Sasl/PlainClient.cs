using System.Text;

namespace MailCluster.Smtp.Client.Sasl;

/// <summary>PLAIN (RFC 4616): all in the first response.</summary>
internal sealed class PlainClient(SmtpCredentials credentials) : SaslClient
{
    public const string Name = "PLAIN";

    public override string Mechanism => Name;

    /// <summary>[authzid] NUL authcid NUL passwd</summary>
    public override byte[] Start() => Encoding.UTF8.GetBytes($"\0{credentials.UserName}\0{credentials.Password}");

    public override byte[]? Answer(ReadOnlySpan<byte> challenge) => null;
}
