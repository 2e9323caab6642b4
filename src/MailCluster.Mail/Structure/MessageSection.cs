namespace MailCluster.Mail.Structure;

/// <summary>The words behind a part number in BODY[...] (RFC 9051 §6.4.5.1).</summary>
public enum MessageSection
{
    /// <summary>The part number alone.</summary>
    Content,

    /// <summary>The header of an embedded message; of the message itself, if there is no number.</summary>
    Header,

    /// <summary>The same for the body.</summary>
    Text,

    /// <summary>The header of the part itself.</summary>
    Mime,
}
