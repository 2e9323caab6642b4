using System.Collections.Immutable;

namespace MailCluster.Pop3;

/// <summary>
/// What the session needs of its host before it can go on. The host carries it out and calls
/// <see cref="Pop3Session.Answer"/> where an answer is named, then <see cref="Pop3Session.Advance"/> again.
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

    /// <summary>SCRAM needs the verifier of a login name. Answer: <see cref="EffectAnswer.Credentials"/>.</summary>
    public sealed record FindCredentials(string UserName) : SessionEffect;

    /// <summary>PASS, PLAIN, LOGIN: find the account, check the password. Answer: <see cref="EffectAnswer.PasswordChecked"/>.</summary>
    public sealed record CheckPassword(string UserName, string Password) : SessionEffect
    {
        public override string ToString() => nameof(CheckPassword); // no password in a log
    }

    /// <summary>Lock and list the maildrop of the logged-in account. Answer: <see cref="EffectAnswer.MaildropOpened"/>.</summary>
    public sealed record OpenMaildrop(LoginAccount Account) : SessionEffect;

    /// <summary>
    /// Send the replies, then the message: the host reads its octets in chunks and lets <paramref name="Encoder"/> turn
    /// each into what goes on the wire, then asks it for the end. Answer: <see cref="EffectAnswer.MessageSent"/>.
    /// </summary>
    public sealed record SendMessage(MaildropMessage Message, MultilineEncoder Encoder) : SessionEffect;

    /// <summary>RFC 1939 §6: QUIT in Transaction removes what was marked. Answer: <see cref="EffectAnswer.Expunged"/>.</summary>
    public sealed record Expunge(ImmutableArray<MaildropMessage> Messages) : SessionEffect;

    /// <summary>Send the replies, drop every octet still buffered, do the TLS handshake. Answer: <see cref="EffectAnswer.Done"/>.</summary>
    public sealed record StartTls : SessionEffect
    {
        public static readonly StartTls Instance = new();
    }

    /// <summary>Send the replies, then close; the maildrop's lock goes with the connection. No answer.</summary>
    public sealed record Close : SessionEffect
    {
        public static readonly Close Instance = new();
    }
}
