namespace MailCluster.Mail.Structure;

/// <summary>A slice of the stored message, counted from its first octet.</summary>
public readonly record struct OctetRange(long Start, long Length)
{
    public long End => Start + Length;
}
