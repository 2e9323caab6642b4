using MailCluster.Mail.Envelopes;

namespace MailCluster.Mail.Dsn;

/// <summary>A DSN ready for the spool, and what its envelope must declare.</summary>
/// <param name="Octets">The message, with CRLF line ends.</param>
/// <param name="BodyType">Eight-bit where the returned message is.</param>
/// <param name="Utf8">It can only be sent with SMTPUTF8.</param>
public sealed record ComposedDsn(byte[] Octets, BodyType BodyType, bool Utf8);
