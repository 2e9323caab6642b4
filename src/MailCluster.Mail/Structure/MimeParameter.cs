namespace MailCluster.Mail.Structure;

/// <summary>
/// A parameter of Content-Type or Content-Disposition. The name is in lower case; the value is as sent, without its
/// quotes: encoded words and the pieces of RFC 2231 stay what they are, for IMAP hands them out so.
/// </summary>
public readonly record struct MimeParameter(string Name, string Value);
