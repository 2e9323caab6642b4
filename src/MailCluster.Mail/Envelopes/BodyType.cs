namespace MailCluster.Mail.Envelopes;

/// <summary>What the sender declared of the octets (BODY= of RFC 6152 and RFC 3030); numbers are stored, never reused.</summary>
public enum BodyType
{
    SevenBit = 0,
    EightBitMime = 1,
    BinaryMime = 2,
}
