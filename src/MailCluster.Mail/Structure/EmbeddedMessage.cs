namespace MailCluster.Mail.Structure;

/// <summary>What is inside a message/rfc822 or message/global part (RFC 2046 §5.2.1, RFC 6532 §3.7).</summary>
public sealed record EmbeddedMessage(MessageEnvelope Envelope, MessagePart Root);
