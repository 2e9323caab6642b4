using System.Collections.Immutable;
using System.Text;

namespace MailCluster.Smtp.Client.Sasl;

/// <summary>Our side of one login (RFC 4422), without the protocol's framing: challenges in, responses out. Used once.</summary>
internal abstract class SaslClient
{
    public abstract string Mechanism { get; }

    /// <summary>False where the server has yet to prove who it is.</summary>
    public virtual bool MayEnd => true;

    /// <summary>The strongest of the offered mechanisms that may be used; null if none.</summary>
    public static SaslClient? Choose(
        ImmutableArray<string> offered, SmtpCredentials credentials, bool plaintextAllowed) =>
        offered.Contains(ScramClient.Name) && Ascii.IsValid(credentials.UserName + credentials.Password)
            ? new ScramClient(credentials)
        : plaintextAllowed && offered.Contains(PlainClient.Name) ? new PlainClient(credentials)
        : plaintextAllowed && offered.Contains(LoginClient.Name) ? new LoginClient(credentials)
        : null;

    /// <summary>The initial response; null where the server speaks first.</summary>
    public abstract byte[]? Start();

    /// <summary>The response to a challenge; null to give up.</summary>
    public abstract byte[]? Answer(ReadOnlySpan<byte> challenge);
}
