using System.Collections.Immutable;
using MailCluster.Mail.Addresses;

namespace MailCluster.Mail.Envelopes;

/// <summary>One accepted RCPT.</summary>
/// <param name="Path">The forward-path as the client gave it.</param>
/// <param name="Notify">NOTIFY= of RFC 3461 §4.1.</param>
/// <param name="OriginalRecipient">ORCPT= of RFC 3461 §4.2, still xtext-encoded, such as <c>rfc822;a@b.c</c>; or null.</param>
/// <param name="Resolved">Who gets a copy, at least one, after aliases.</param>
public sealed record EnvelopeRecipient(
    ForwardPath Path, DsnNotify Notify, string? OriginalRecipient, ImmutableArray<ResolvedRecipient> Resolved);
