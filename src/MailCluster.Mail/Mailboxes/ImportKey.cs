using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MailCluster.Mail.Mailboxes;

/// <summary>
/// Names a message where it comes from, so that an import that is run again brings it once: half a SHA-256 of whatever
/// tells it from all others there.
/// </summary>
public readonly record struct ImportKey(UInt128 Value)
{
    public const int ByteLength = 16;

    /// <summary>The parts are kept apart: "a", "bc" is not "ab", "c".</summary>
    public static ImportKey Of(params ReadOnlySpan<string> parts)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var part in parts)
        {
            var octets = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32BigEndian(length, octets.Length);
            digest.AppendData(length);
            digest.AppendData(octets);
        }

        return FromBytes(digest.GetHashAndReset().AsSpan(0, ByteLength));
    }

    public static ImportKey FromBytes(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt128BigEndian(bytes));

    public static bool TryParse([NotNullWhen(true)] string? text, out ImportKey key)
    {
        key = default;
        if (text?.Length != 2 * ByteLength
            || !UInt128.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }

        key = new ImportKey(value);
        return true;
    }

    public byte[] ToByteArray()
    {
        var bytes = new byte[ByteLength];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Value);
        return bytes;
    }

    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);
}
