namespace MailCluster.Mail.Structure;

/// <summary>
/// How much of a message is understood. Beyond a limit the rest is one opaque part (application/octet-stream): its
/// octets stay within reach, nothing is refused.
/// </summary>
public sealed record StructureLimits
{
    /// <summary>What a recursive reader of the tree may rely on.</summary>
    public const int DeepestNesting = 1_000;

    public static StructureLimits Default { get; } = new();

    public int MaxParts { get; init; } = 10_000;

    /// <summary>A multipart and an embedded message count one level each.</summary>
    public int MaxDepth
    {
        get;
        init => field = Math.Clamp(value, 1, DeepestNesting);
    } = 100;

    /// <summary>Octets of header fields of interest, all parts together; other fields cost nothing.</summary>
    public int MaxHeaderOctets { get; init; } = 1024 * 1024;

    /// <summary>Encoded octets of one text part that are read for the preview.</summary>
    public int MaxPreviewOctets { get; init; } = 64 * 1024;
}
