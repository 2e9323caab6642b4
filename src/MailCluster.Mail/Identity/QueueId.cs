using System.Security.Cryptography;

namespace MailCluster.Mail.Identity;

/// <summary>
/// Names one accepted message: queue partition (16 bits), time of its making in milliseconds since 1970 (48 bits),
/// random (64 bits). The partition stands in the id, so that every command about a message finds its one owner, and
/// so that a partition can find bodies which no event ever came to own. Ids of one partition sort by age.
/// </summary>
public readonly record struct QueueId(UInt128 Value) : IComparable<QueueId>, ISpanParsable<QueueId>
{
    /// <summary>Size of the id as bytes, in the order that sorts by partition, then by age.</summary>
    public const int ByteLength = 16;

    /// <summary>The partition that owns the message.</summary>
    public int Partition => (int)(ushort)(Value >> 112);

    /// <summary>When the id was made, to the millisecond.</summary>
    public DateTimeOffset CreatedAt =>
        DateTimeOffset.FromUnixTimeMilliseconds((long)(ulong)((Value >> 64) & 0xFFFF_FFFF_FFFF));

    /// <summary>The body that is spooled for this entry.</summary>
    public BodyId Body => new(Value);

    public static QueueId New(int partition, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(partition);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(partition, ushort.MaxValue);
        Span<byte> random = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(random);
        var upper = ((ulong)partition << 48) | ((ulong)now.ToUnixTimeMilliseconds() & 0xFFFF_FFFF_FFFF);
        return new QueueId(new UInt128(upper, BitConverter.ToUInt64(random)));
    }

    public static QueueId FromBytes(ReadOnlySpan<byte> bytes) => new(Crockford.ReadBytes(bytes));

    public byte[] ToByteArray()
    {
        var bytes = new byte[ByteLength];
        Crockford.WriteBytes(Value, bytes);
        return bytes;
    }

    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out QueueId result)
    {
        var read = Crockford.TryRead(s, Crockford.LengthOf128Bits, out var value);
        result = new QueueId(value);
        return read;
    }

    public static bool TryParse(string? s, IFormatProvider? provider, out QueueId result) =>
        TryParse(s.AsSpan(), provider, out result);

    public static QueueId Parse(ReadOnlySpan<char> s, IFormatProvider? provider) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException("A queue id is 26 letters and digits.");

    public static QueueId Parse(string s, IFormatProvider? provider) => Parse(s.AsSpan(), provider);

    public int CompareTo(QueueId other) => Value.CompareTo(other.Value);

    public override string ToString() => Crockford.Write(Value, Crockford.LengthOf128Bits);

    public static bool operator <(QueueId left, QueueId right) => left.Value < right.Value;
    public static bool operator >(QueueId left, QueueId right) => left.Value > right.Value;
    public static bool operator <=(QueueId left, QueueId right) => left.Value <= right.Value;
    public static bool operator >=(QueueId left, QueueId right) => left.Value >= right.Value;
}
