namespace MailCluster.Mail.Search;

/// <summary>How much of a message can be found. Beyond a limit the rest is as if it were not there; nothing is refused.</summary>
public sealed record SearchLimits
{
    public static SearchLimits Default { get; } = new();

    /// <summary>Encoded octets of text, all parts of a message together.</summary>
    public int MaxTextOctets { get; init; } = 1024 * 1024;

    /// <summary>Octets of the message's own header.</summary>
    public int MaxHeaderOctets { get; init; } = 256 * 1024;

    public int MaxParts { get; init; } = 10_000;

    /// <summary>A multipart and an embedded message count one level each.</summary>
    public int MaxDepth { get; init; } = 100;
}
