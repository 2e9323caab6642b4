using System.Collections.Immutable;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Sasl;

namespace MailCluster.Pop3;

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

    /// <summary>The login name was looked up; null where there is none, or the store could not say.</summary>
    public sealed record Credentials(LoginAccount? Account, ScramVerifier? Verifier, bool StoreFailed) : EffectAnswer;

    /// <summary>The password was checked; null where it is wrong, or the store could not say.</summary>
    public sealed record PasswordChecked(LoginAccount? Account, bool StoreFailed) : EffectAnswer;

    /// <summary>The maildrop is locked for this session and listed in order; or why not.</summary>
    public sealed record MaildropOpened(ImmutableArray<MaildropMessage> Messages, MaildropRefusal? Refusal) : EffectAnswer;

    /// <summary>
    /// The message is sent, or the store failed: before the first octet the session answers -ERR, in the middle it
    /// closes, since a multi-line response cannot be taken back.
    /// </summary>
    public sealed record MessageSent(SendOutcome Outcome) : EffectAnswer;

    /// <summary>The marked messages are gone for good, or some are not (RFC 1939 §6, -ERR).</summary>
    public sealed record Expunged(bool All) : EffectAnswer;
}

/// <summary>Why a maildrop could not be opened (RFC 2449 §8, RFC 3206).</summary>
public enum MaildropRefusal
{
    InUse,
    TemporaryFailure,
}

/// <summary>How far a message got.</summary>
public enum SendOutcome
{
    Sent,
    FailedBeforeFirstOctet,
    FailedInTheMiddle,
}

/// <summary>Who is logged in.</summary>
public sealed record LoginAccount(AccountId Id, string Address);

/// <summary>One message of the maildrop: UID in its folder, octets as sent with CRLF line ends, unique-id (RFC 1939 §7).</summary>
public sealed record MaildropMessage(uint Uid, long Size, string UniqueId);
