using MailCluster.Mail.Addresses;

namespace MailCluster.Mail.Envelopes;

/// <summary>One final recipient of a forward-path, after aliases: its address, and where its copy goes.</summary>
public sealed record ResolvedRecipient(ForwardPath Path, DeliveryTarget Target);
