using System.Security.Cryptography;

namespace MailCluster.Node.Migration;

/// <summary>What tells messages apart that have the same name.</summary>
internal static class ContentDigest
{
    /// <exception cref="IOException">The message cannot be read.</exception>
    public static async Task<string> OfAsync(Func<Stream, CancellationToken, Task> writeTo, CancellationToken cancellation)
    {
        using var digest = SHA256.Create();
        await using (var stream = new CryptoStream(Stream.Null, digest, CryptoStreamMode.Write))
        {
            await writeTo(stream, cancellation);
        }

        return Convert.ToHexString(digest.Hash!);
    }
}
