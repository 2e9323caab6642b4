using System.Buffers.Binary;
using System.IO.Hashing;

namespace MailCluster.Mail.Structure;

/// <summary>
/// The stored form of a structure: version, numbers and texts one behind the other, checksum. It is a cache of what
/// stands in the message: a reader that finds another version or any damage computes it again, so there is no old
/// version to be read. Nesting is bounded by <see cref="StructureLimits.DeepestNesting"/>, hence recursion will do.
/// </summary>
public static class StructureFormat
{
    internal const byte Version = 2;

    private const int ChecksumLength = sizeof(ulong);

    public static byte[] Write(MessageStructure structure)
    {
        var writer = new StructureWriter(Version);
        writer.Structure(structure);
        var body = writer.Written;
        var octets = new byte[body.Length + ChecksumLength];
        body.CopyTo(octets);
        BinaryPrimitives.WriteUInt64LittleEndian(octets.AsSpan(body.Length), Checksum(body));
        return octets;
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
        return BinaryPrimitives.ReadUInt64LittleEndian(octets[^ChecksumLength..]) == Checksum(body);
    }

    /// <summary>Against damage, not against a forger: it is checked for each message of a FETCH.</summary>
    private static ulong Checksum(ReadOnlySpan<byte> body) => XxHash3.HashToUInt64(body);
}
