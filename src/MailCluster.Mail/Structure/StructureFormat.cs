using System.Security.Cryptography;

namespace MailCluster.Mail.Structure;

/// <summary>
/// The stored form of a structure: version, numbers and texts one behind the other, checksum. It is a cache of what
/// stands in the message: a reader that finds another version or any damage computes it again, so there is no old
/// version to be read. Nesting is bounded by <see cref="StructureLimits.DeepestNesting"/>, hence recursion will do.
/// </summary>
public static class StructureFormat
{
    internal const byte Version = 1;

    private const int ChecksumLength = 8;

    public static byte[] Write(MessageStructure structure)
    {
        var writer = new StructureWriter(Version);
        writer.Structure(structure);
        var body = writer.Written;
        return [.. body, .. Checksum(body)];
    }

    /// <summary>Null: compute it again.</summary>
    public static MessageStructure? Read(ReadOnlySpan<byte> octets)
    {
        if (octets.Length < 1 + ChecksumLength || octets[0] != Version)
        {
            return null;
        }

        var body = octets[..^ChecksumLength];
        if (!octets[^ChecksumLength..].SequenceEqual(Checksum(body)))
        {
            return null;
        }

        var reader = new StructureParser(body[1..]);
        var structure = reader.Structure();
        return reader.IsWhole ? structure : null;
    }

    private static ReadOnlySpan<byte> Checksum(ReadOnlySpan<byte> body) =>
        SHA256.HashData(body).AsSpan(0, ChecksumLength);
}
