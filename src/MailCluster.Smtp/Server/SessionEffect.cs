using MailCluster.Mail.Addresses;
using MailCluster.Mail.Envelopes;

namespace MailCluster.Smtp.Server;

/// <summary>
/// What the session needs of its host before it can go on. The host carries it out and calls
/// <see cref="SmtpServerSession.Answer"/> where an answer is named, then <see cref="SmtpServerSession.Advance"/> again.
/// </summary>
public abstract record SessionEffect
{
    private SessionEffect()
    {
    }

    /// <summary>All complete input is used up: send the replies, read more octets. No answer.</summary>
    public sealed record ReadMore : SessionEffect
    {
        public static readonly ReadMore Instance = new();
    }

    /// <summary>May this session send with this reverse-path? Answer: <see cref="EffectAnswer.Verdict"/>.</summary>
    public sealed record CheckSender(ReversePath ReversePath) : SessionEffect;

    /// <summary>Who gets mail for this forward-path? Answer: <see cref="EffectAnswer.Recipient"/>.</summary>
    public sealed record CheckRecipient(ForwardPath ForwardPath) : SessionEffect;

    /// <summary>SCRAM needs the verifier of a login name. Answer: <see cref="EffectAnswer.Credentials"/>.</summary>
    public sealed record FindCredentials(string UserName) : SessionEffect;

    /// <summary>
    /// PLAIN and LOGIN: find the account and check the password off the connection's thread, since it costs
    /// milliseconds. Answer: <see cref="EffectAnswer.PasswordChecked"/>.
    /// </summary>
    public sealed record CheckPassword(string UserName, string Password) : SessionEffect
    {
        public override string ToString() => nameof(CheckPassword); // no password in a log
    }

    /// <summary>The first octet of content may come: begin a body. Answer: <see cref="EffectAnswer.ContentOpened"/>.</summary>
    public sealed record OpenContent : SessionEffect
    {
        public static readonly OpenContent Instance = new();
    }

    /// <summary>
    /// Octets for the body, trace header first, dots undone. The memory is the session's, valid until the answer.
    /// Answer: <see cref="EffectAnswer.Done"/>, or a refusing verdict where the store failed.
    /// </summary>
    public sealed record WriteContent(ReadOnlyMemory<byte> Octets) : SessionEffect;

    /// <summary>
    /// The content is complete: make body and queue entry durable. Answer: <see cref="EffectAnswer.Verdict"/>, whose
    /// reply, 250 or a refusal, the session sends; no 250 before both are on disk.
    /// </summary>
    public sealed record CommitMessage(Envelope Envelope) : SessionEffect;

    /// <summary>Content that was begun will not be completed: drop it. Answer: <see cref="EffectAnswer.Done"/>.</summary>
    public sealed record AbandonContent : SessionEffect
    {
        public static readonly AbandonContent Instance = new();
    }

    /// <summary>
    /// Send the replies, drop every octet still buffered, do the TLS handshake (RFC 3207 §4.2).
    /// Answer: <see cref="EffectAnswer.Done"/>; where the handshake fails the host closes.
    /// </summary>
    public sealed record StartTls : SessionEffect
    {
        public static readonly StartTls Instance = new();
    }

    /// <summary>
    /// Send the replies, then close; content that is still open is dropped with it, as when a client hangs up. The
    /// session is over. No answer.
    /// </summary>
    public sealed record Close : SessionEffect
    {
        public static readonly Close Instance = new();
    }
}
