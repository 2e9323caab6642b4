using System.Collections.Immutable;
using MailCluster.Mail.Envelopes;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Replies;
using MailCluster.Mail.Sasl;

namespace MailCluster.Smtp.Server;

/// <summary>What the host found out about the last <see cref="SessionEffect"/>.</summary>
public abstract record EffectAnswer
{
    private EffectAnswer()
    {
    }

    /// <summary>It is done; nothing to say.</summary>
    public sealed record Done : EffectAnswer
    {
        public static readonly Done Instance = new();
    }

    /// <summary>A reply that the session sends as it is; a 4yz or 5yz one refuses what was asked.</summary>
    public sealed record Verdict(Reply Reply) : EffectAnswer;

    /// <summary>
    /// A forward-path was looked up. Where <paramref name="Refusal"/> is null the recipient is accepted, with at least
    /// one in <paramref name="Resolved"/>.
    /// </summary>
    public sealed record Recipient(ImmutableArray<ResolvedRecipient> Resolved, Reply? Refusal) : EffectAnswer;

    /// <summary>The login name was looked up; null where there is none, or the store could not say.</summary>
    public sealed record Credentials(LoginAccount? Account, ScramVerifier? Verifier, bool StoreFailed) : EffectAnswer;

    /// <summary>The password was checked; null where it is wrong, or the store could not say.</summary>
    public sealed record PasswordChecked(LoginAccount? Account, bool StoreFailed) : EffectAnswer;

    /// <summary>A body was begun under this id, at this time; or why not.</summary>
    public sealed record ContentOpened(QueueId QueueId, DateTimeOffset Now, Reply? Refusal) : EffectAnswer;
}

/// <summary>Who is logged in: the account, and its address for trace headers and logs.</summary>
public sealed record LoginAccount(AccountId Id, string Address);
