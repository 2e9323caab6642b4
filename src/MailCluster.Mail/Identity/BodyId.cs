namespace MailCluster.Mail.Identity;

/// <summary>
/// Names the bytes of one message in the spool. The body of a queue entry has the entry's own number; mailboxes refer
/// to the same body, so that a message to many local users is kept once.
/// </summary>
public readonly record struct BodyId(UInt128 Value)
{
    /// <summary>Size of the id as bytes, in the order that sorts by partition, then by age.</summary>
    public const int ByteLength = QueueId.ByteLength;

    /// <summary>The queue partition that spooled the body.</summary>
    public int Partition => new QueueId(Value).Partition;

    /// <summary>When the id was made, to the millisecond.</summary>
    public DateTimeOffset CreatedAt => new QueueId(Value).CreatedAt;

    /// <summary>The queue entry that the body was spooled for.</summary>
    public QueueId QueueId => new(Value);

    public static BodyId FromBytes(ReadOnlySpan<byte> bytes) => new(Crockford.ReadBytes(bytes));

    public byte[] ToByteArray() => QueueId.ToByteArray();

    public override string ToString() => QueueId.ToString();
}
