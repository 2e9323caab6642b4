using System.Security.Cryptography;
using System.Text;
using MailCluster.Node.Configuration;

namespace MailCluster.Node.Http;

/// <summary>
/// The bearer token of the operator's API. Whoever can read it in the data folder could read the mail there as well;
/// so it keeps out everybody else on the machine, and web pages in an operator's browser.
/// </summary>
internal sealed class ApiToken
{
    public const string FileName = "api-token";

    private const string Scheme = "Bearer ";
    private const int RandomLength = 32;

    private readonly byte[] _digest;

    private ApiToken(string token) => _digest = Digest(token);

    /// <summary>Reads the token of the data folder; makes it at the first start.</summary>
    /// <exception cref="ConfigurationException">The file can neither be read nor made.</exception>
    public static ApiToken Ensure(string dataFolder)
    {
        var path = Path.Combine(dataFolder, FileName);
        if (!File.Exists(path))
        {
            DataFolder.Create(dataFolder);
            var token = RandomNumberGenerator.GetHexString(2 * RandomLength, lowercase: true);
            SecretFile.Create(path, Encoding.ASCII.GetBytes(token));
        }

        return new ApiToken(SecretFile.Read(path));
    }

    /// <summary>
    /// Whether an Authorization header (RFC 6750 §2.1) has the token; takes the same time whatever it has.
    /// </summary>
    public bool Matches(string? authorization) =>
        authorization is not null
        && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(Digest(authorization[Scheme.Length..].Trim()), _digest);

    public override string ToString() => nameof(ApiToken); // never the token

    // Digests have one length, so that not even the token's length shows.
    private static byte[] Digest(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
