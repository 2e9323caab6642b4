namespace MailCluster.Mail.Search;

/// <summary>Where in a message a text is sought (RFC 9051 §6.4.4).</summary>
public enum TextPlace
{
    /// <summary>In the header fields of one name: SUBJECT, FROM, TO, CC, BCC, HEADER.</summary>
    Field,

    /// <summary>In any header field.</summary>
    Header,

    /// <summary>In what a person reads of the body.</summary>
    Body,

    /// <summary>In the header or the body.</summary>
    Text,
}
