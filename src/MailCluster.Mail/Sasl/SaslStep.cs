namespace MailCluster.Mail.Sasl;

/// <summary>What an exchange wants next. No step shows a password or a SASL response in its text.</summary>
public abstract record SaslStep
{
    private SaslStep()
    {
    }

    /// <summary>
    /// Send these octets, framed as the protocol does, and give the answer to <see cref="SaslExchange.Receive"/>.
    /// </summary>
    public sealed record Challenge(ReadOnlyMemory<byte> Octets) : SaslStep
    {
        public override string ToString() => "Challenge";
    }

    /// <summary>
    /// Look up the user, then call <see cref="SaslExchange.Resume(ScramVerifier?)"/>; null for an unknown one.
    /// </summary>
    public sealed record NeedVerifier(string UserName) : SaslStep;

    /// <summary>Check the password, then call <see cref="SaslExchange.Resume(bool)"/>.</summary>
    public sealed record NeedPassword(string UserName, string Password) : SaslStep
    {
        public override string ToString() => $"NeedPassword {{ UserName = {UserName} }}";
    }

    /// <summary>The user is who it claims to be.</summary>
    public sealed record Succeeded(string UserName) : SaslStep;

    /// <summary>The exchange is over.</summary>
    public sealed record Failed(SaslFailure Reason) : SaslStep;

    internal static readonly Failed Malformed = new(SaslFailure.Malformed);

    internal static readonly Failed WrongCredentials = new(SaslFailure.WrongCredentials);
}
