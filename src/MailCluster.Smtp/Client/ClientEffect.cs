using MailCluster.Mail.Replies;

namespace MailCluster.Smtp.Client;

/// <summary>What the session needs of its host.</summary>
public abstract record ClientEffect
{
    private ClientEffect()
    {
    }

    /// <summary>Send the commands, read more octets.</summary>
    public sealed record ReadMore : ClientEffect
    {
        public static readonly ReadMore Instance = new();
    }

    /// <summary>Greeted, and no transaction: <see cref="SmtpClientSession.Begin"/> or <see cref="SmtpClientSession.Quit"/>.</summary>
    public sealed record Ready : ClientEffect
    {
        public static readonly Ready Instance = new();
    }

    /// <summary>
    /// Do the handshake, then <see cref="SmtpClientSession.TlsStarted"/> or <see cref="SmtpClientSession.TlsFailed"/>.
    /// </summary>
    public sealed record StartTls : ClientEffect
    {
        public static readonly StartTls Instance = new();
    }

    /// <summary>
    /// Send the content, through a <see cref="DotStuffer"/> unless <paramref name="Raw"/>, then
    /// <see cref="SmtpClientSession.ContentSent"/>.
    /// </summary>
    public sealed record SendContent(bool Raw) : ClientEffect
    {
        public static readonly SendContent DotStuffed = new(Raw: false);
        public static readonly SendContent AsItIs = new(Raw: true);
    }

    /// <summary>Every recipient has its result; the session goes on.</summary>
    public sealed record TransactionFinished(TransactionResult Result) : ClientEffect;

    /// <summary>It is over; <paramref name="Reply"/> is the server's last word where it had one.</summary>
    public sealed record Closed(string Reason, Reply? Reply) : ClientEffect;
}
