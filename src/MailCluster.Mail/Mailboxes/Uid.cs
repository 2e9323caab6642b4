namespace MailCluster.Mail.Mailboxes;

/// <summary>The stable number of a message in its folder (RFC 9051 §2.3.1.1), given once, growing, never reused.</summary>
public readonly record struct Uid(uint Value) : IComparable<Uid>
{
    public int CompareTo(Uid other) => Value.CompareTo(other.Value);

    public static bool operator <(Uid left, Uid right) => left.Value < right.Value;
    public static bool operator >(Uid left, Uid right) => left.Value > right.Value;
    public static bool operator <=(Uid left, Uid right) => left.Value <= right.Value;
    public static bool operator >=(Uid left, Uid right) => left.Value >= right.Value;
}

/// <summary>The epoch of a folder's UIDs (RFC 9051 §2.3.1.1).</summary>
public readonly record struct UidValidity(uint Value);
