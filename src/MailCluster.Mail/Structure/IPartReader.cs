namespace MailCluster.Mail.Structure;

/// <summary>Reads along what <see cref="StructureScanner"/> finds. Must bound by itself what it keeps.</summary>
internal interface IPartReader
{
    /// <summary>A line of a header, or a piece of one.</summary>
    void Header(PartBuilder part, ReadOnlySpan<byte> piece);

    /// <summary>The part's header is complete.</summary>
    void Begin(PartBuilder part);

    /// <summary>A piece of the body that is open.</summary>
    void Write(ReadOnlySpan<byte> piece);

    void End(PartBuilder part);
}
