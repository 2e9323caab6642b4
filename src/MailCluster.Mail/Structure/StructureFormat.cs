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
        if (!TryFields(octets, out var fields))
        {
            return null;
        }

        var reader = new StructureParser(fields);
        var structure = reader.Structure();
        return reader.IsWhole ? structure : null;
    }

    /// <summary>What SORT and THREAD need of a million messages: no part is looked at. Null: compute it again.</summary>
    public static MessageSortKeys? ReadSortKeys(ReadOnlySpan<byte> octets)
    {
        if (!TryFields(octets, out var fields))
        {
            return null;
        }

        var reader = new StructureParser(fields);
        var keys = reader.SortKeysAlone();
        return reader.IsDamaged ? null : keys;
    }

    private static bool TryFields(ReadOnlySpan<byte> octets, out ReadOnlySpan<byte> fields)
    {
        fields = default;
        if (octets.Length < 1 + ChecksumLength || octets[0] != Version)
        {
            return false;
        }

        var body = octets[..^ChecksumLength];
        fields = body[1..];
        return octets[^ChecksumLength..].SequenceEqual(Checksum(body));
    }

    private static ReadOnlySpan<byte> Checksum(ReadOnlySpan<byte> body) =>
        SHA256.HashData(body).AsSpan(0, ChecksumLength);
}
