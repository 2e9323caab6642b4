using System.Security.Cryptography;

namespace MailCluster.Mail.Identity;

/// <summary>Names one connection of a client in logs and trace headers; random, never reused.</summary>
public readonly record struct SessionId(ulong Value)
{
    public static SessionId New()
    {
        Span<byte> random = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(random);
        return new SessionId(BitConverter.ToUInt64(random));
    }

    public override string ToString() => Crockford.Write(Value, Crockford.LengthOf64Bits);
}
