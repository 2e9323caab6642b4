using System.Text;

namespace MailCluster.Smtp.Client.Sasl;

/// <summary>
/// LOGIN, which no RFC has and old servers offer alone: the name to the first question, the password to the second,
/// whatever words they are put in.
/// </summary>
internal sealed class LoginClient(SmtpCredentials credentials) : SaslClient
{
    public const string Name = "LOGIN";

    private int _asked;

    public override string Mechanism => Name;

    public override byte[]? Start() => null;

    public override byte[]? Answer(ReadOnlySpan<byte> challenge) => ++_asked switch
    {
        1 => Encoding.UTF8.GetBytes(credentials.UserName),
        2 => Encoding.UTF8.GetBytes(credentials.Password),
        _ => null,
    };
}
