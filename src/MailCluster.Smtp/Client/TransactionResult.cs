using System.Collections.Immutable;
using MailCluster.Mail.Replies;

namespace MailCluster.Smtp.Client;

/// <summary>What became of a message: one result for each recipient, in their order.</summary>
/// <param name="NeedsSevenBit">
/// The next hop lacks 8BITMIME or BINARYMIME and nothing was tried: convert the content and begin again, or give up.
/// </param>
public sealed record TransactionResult(ImmutableArray<RecipientResult> Recipients, bool NeedsSevenBit);

/// <summary>What became of one recipient.</summary>
public abstract record RecipientResult(Reply Reply)
{
    /// <summary>The next hop answers for it now. <paramref name="DsnPassedOn"/>: it sends the notices, too (RFC 3461 §5.2.2).</summary>
    public sealed record Delivered(Reply Reply, bool DsnPassedOn) : RecipientResult(Reply);

    /// <summary>Not taken: the reply says whether to try again.</summary>
    public sealed record Refused(Reply Reply) : RecipientResult(Reply);
}
