using System.Collections.Immutable;

namespace MailCluster.Mail.Sasl;

/// <summary>
/// What is kept of a password: the SCRAM-SHA-256 keys of RFC 5802 §3 and RFC 7677. The password cannot be read back;
/// PLAIN and LOGIN are checked by deriving the same keys again.
/// </summary>
/// <param name="Salt">Random, per account.</param>
/// <param name="Iterations">PBKDF2 rounds.</param>
/// <param name="StoredKey">H(ClientKey).</param>
/// <param name="ServerKey">HMAC(SaltedPassword, "Server Key").</param>
public sealed record ScramVerifier(
    ImmutableArray<byte> Salt, int Iterations, ImmutableArray<byte> StoredKey, ImmutableArray<byte> ServerKey)
{
    public override string ToString() => "SCRAM-SHA-256 verifier"; // never the keys, which logs would keep
}
