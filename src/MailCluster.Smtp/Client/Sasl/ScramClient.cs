using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MailCluster.Smtp.Client.Sasl;

/// <summary>
/// SCRAM-SHA-256 (RFC 5802, RFC 7677) without channel binding: the password stays here, and the server proves that it
/// knows its keys. For ASCII names and passwords, which need no preparation (RFC 4013).
/// </summary>
internal sealed class ScramClient(SmtpCredentials credentials, string nonce) : SaslClient
{
    public const string Name = "SCRAM-SHA-256";

    /// <summary>RFC 7677 §4 asks for 4096; less is what a server that is none would ask for.</summary>
    private const int MinIterations = 4096;

    /// <summary>RFC 5802 §9: a server must not be able to keep us busy; this takes about a second.</summary>
    private const int MaxIterations = 1_000_000;

    private const int NonceLength = 18;
    private const string Gs2Header = "n,,";

    private Stage _stage = Stage.ServerFirst;
    private byte[] _serverSignature = [];

    public ScramClient(SmtpCredentials credentials)
        : this(credentials, Convert.ToBase64String(RandomNumberGenerator.GetBytes(NonceLength)))
    {
    }

    private enum Stage
    {
        ServerFirst,
        ServerFinal,
        Proven,
        Failed,
    }

    public override string Mechanism => Name;

    public override bool MayEnd => _stage == Stage.Proven;

    /// <summary>client-first-message-bare = "n=" saslname "," "r=" c-nonce</summary>
    private string Bare => $"n={Escape(credentials.UserName)},r={nonce}";

    public override byte[] Start() => Encoding.UTF8.GetBytes(Gs2Header + Bare);

    public override byte[]? Answer(ReadOnlySpan<byte> challenge)
    {
        var stage = _stage;
        _stage = Stage.Failed;
        return stage switch
        {
            Stage.ServerFirst => AnswerFirst(Encoding.UTF8.GetString(challenge)),
            Stage.ServerFinal => AnswerFinal(challenge),
            _ => null,
        };
    }

    /// <summary>server-first-message = "r=" nonce "," "s=" base64 "," "i=" number [extensions]</summary>
    private byte[]? AnswerFirst(string message)
    {
        if (message.Split(',') is not [['r', '=', .. var both], ['s', '=', .. var salt], ['i', '=', .. var rounds], ..]
            || !both.StartsWith(nonce, StringComparison.Ordinal)
            || both.Length == nonce.Length
            || !TryDecode(salt, out var saltOctets)
            || !int.TryParse(rounds, NumberStyles.None, CultureInfo.InvariantCulture, out var iterations)
            || iterations is < MinIterations or > MaxIterations)
        {
            return null;
        }

        _stage = Stage.ServerFinal;
        var withoutProof = $"c={Convert.ToBase64String(Encoding.ASCII.GetBytes(Gs2Header))},r={both}";
        var proof = Prove(saltOctets, iterations, Encoding.UTF8.GetBytes($"{Bare},{message},{withoutProof}"));
        return Encoding.UTF8.GetBytes($"{withoutProof},p={Convert.ToBase64String(proof)}");
    }

    /// <summary>RFC 5802 §3: ClientKey XOR ClientSignature; and what the server will have to say to it.</summary>
    private byte[] Prove(byte[] salt, int iterations, byte[] signed)
    {
        var salted = Rfc2898DeriveBytes.Pbkdf2(
            credentials.Password, salt, iterations, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
        _serverSignature = HMACSHA256.HashData(HMACSHA256.HashData(salted, "Server Key"u8), signed);
        var proof = HMACSHA256.HashData(salted, "Client Key"u8);
        var signature = HMACSHA256.HashData(SHA256.HashData(proof), signed);
        for (var i = 0; i < proof.Length; i++)
        {
            proof[i] ^= signature[i];
        }

        return proof;
    }

    /// <summary>server-final-message = "v=" base64, acknowledged with nothing</summary>
    private byte[]? AnswerFinal(ReadOnlySpan<byte> message)
    {
        if (!message.StartsWith("v="u8)
            || !TryDecode(Encoding.UTF8.GetString(message[2..]), out var signature)
            || !CryptographicOperations.FixedTimeEquals(signature, _serverSignature))
        {
            return null;
        }

        _stage = Stage.Proven;
        return [];
    }

    /// <summary>RFC 5802 §5.1: the comma and the equals sign of a name.</summary>
    private static string Escape(string name) =>
        name.Replace("=", "=3D", StringComparison.Ordinal).Replace(",", "=2C", StringComparison.Ordinal);

    private static bool TryDecode(string base64, out byte[] octets)
    {
        var buffer = new byte[base64.Length];
        var decoded = Convert.TryFromBase64String(base64, buffer, out var length);
        octets = buffer[..length];
        return decoded;
    }
}
