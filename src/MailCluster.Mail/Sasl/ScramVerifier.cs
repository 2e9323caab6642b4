using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

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
    /// <summary>
    /// RFC 7677 §3: at least 4096 rounds. More makes every login of PLAIN and LOGIN dearer by as much.
    /// </summary>
    public const int DefaultIterations = 4096;

    /// <summary>RFC 5802 §5.1 leaves the size of the salt open; this many octets never meet by chance.</summary>
    public const int SaltLength = 16;

    /// <summary>Per process, so that nobody can compute which salt a user who does not exist would get.</summary>
    private static readonly byte[] DecoySecret = RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes);

    /// <summary>The verifier of a new password, with a salt of its own.</summary>
    /// <exception cref="ArgumentException">The password has characters that RFC 4013 §2.3 prohibits.</exception>
    public static ScramVerifier Create(string password, int iterations = DefaultIterations) =>
        Derive(password, RandomNumberGenerator.GetBytes(SaltLength), iterations);

    /// <summary>The verifier for a known salt.</summary>
    /// <exception cref="ArgumentException">The password has characters that RFC 4013 §2.3 prohibits.</exception>
    public static ScramVerifier Derive(string password, ReadOnlySpan<byte> salt, int iterations)
    {
        if (!SaslPrep.TryPrepare(password, out var prepared))
        {
            throw new ArgumentException("The password has characters that a password may not have.", nameof(password));
        }

        Span<byte> salted = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> clientKey = stackalloc byte[SHA256.HashSizeInBytes];
        SaltPassword(prepared, salt, iterations, salted);
        HMACSHA256.HashData(salted, "Client Key"u8, clientKey);
        return new ScramVerifier(
            [.. salt],
            iterations,
            ImmutableCollectionsMarshal.AsImmutableArray(SHA256.HashData(clientKey)),
            ImmutableCollectionsMarshal.AsImmutableArray(HMACSHA256.HashData(salted, "Server Key"u8)));
    }

    /// <summary>
    /// A verifier that no password fits, the same for every question about the same name, so that a user who does not
    /// exist looks like one who does (RFC 5802 §9). Nodes of one cluster give the same answer only with the same
    /// <paramref name="secret"/>.
    /// </summary>
    public static ScramVerifier Decoy(string userName, ReadOnlySpan<byte> secret)
    {
        var name = Encoding.UTF8.GetBytes(userName);
        var salt = HMACSHA256.HashData(secret, name);
        var key = ImmutableCollectionsMarshal.AsImmutableArray(HMACSHA256.HashData(secret, salt));
        return new ScramVerifier([.. salt.AsSpan(0, SaltLength)], DefaultIterations, key, key);
    }

    /// <summary>As above, with a secret of this process.</summary>
    public static ScramVerifier Decoy(string userName) => Decoy(userName, DecoySecret);

    /// <summary>Whether this is the password. Costs all rounds, and the same time whatever the answer.</summary>
    public bool Matches(string password)
    {
        var allowed = SaslPrep.TryPrepare(password, out var prepared);
        Span<byte> key = stackalloc byte[SHA256.HashSizeInBytes];
        SaltPassword(prepared, Salt.AsSpan(), Iterations, key);
        HMACSHA256.HashData(key, "Client Key"u8, key);
        SHA256.HashData(key, key);
        return CryptographicOperations.FixedTimeEquals(key, StoredKey.AsSpan()) && allowed;
    }

    public override string ToString() => "SCRAM-SHA-256 verifier"; // never the keys, which logs would keep

    private static void SaltPassword(string password, ReadOnlySpan<byte> salt, int iterations, Span<byte> salted) =>
        Rfc2898DeriveBytes.Pbkdf2(password, salt, salted, iterations, HashAlgorithmName.SHA256);
}
