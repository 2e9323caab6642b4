using MailCluster.Mail.Addresses;
using MailCluster.Mail.Envelopes;
using MailCluster.Mail.Replies;

namespace MailCluster.Smtp.Commands;

/// <summary>The verbs that this server knows.</summary>
internal enum Verb
{
    Helo,
    Ehlo,
    Mail,
    Rcpt,
    Data,
    Bdat,
    Rset,
    Noop,
    Vrfy,
    Expn,
    Help,
    Quit,
    StartTls,
    Auth,
}

/// <summary>One command line, read.</summary>
internal abstract record SmtpCommand(Verb Verb)
{
    /// <summary>A verb without arguments, or whose arguments do not matter.</summary>
    public sealed record Plain(Verb Verb) : SmtpCommand(Verb);

    /// <summary>HELO or EHLO.</summary>
    public sealed record Hello(Verb Verb, string Name) : SmtpCommand(Verb);

    /// <summary>MAIL FROM.</summary>
    public sealed record Mail(ReversePath Path, MailParameters Parameters) : SmtpCommand(Verb.Mail);

    /// <summary>RCPT TO.</summary>
    public sealed record Rcpt(ForwardPath Path, RcptParameters Parameters) : SmtpCommand(Verb.Rcpt);

    /// <summary>RFC 3030 §2.</summary>
    public sealed record Bdat(long Size, bool IsLast) : SmtpCommand(Verb.Bdat);

    /// <summary>RFC 4954 §4. The initial response is base64, null where there is none.</summary>
    public sealed record Auth(string Mechanism, string? InitialResponse) : SmtpCommand(Verb.Auth)
    {
        public override string ToString() => $"AUTH {Mechanism}"; // the response holds a password
    }
}

/// <summary>A command, or the reply to what is none.</summary>
internal readonly record struct ParsedCommand(SmtpCommand? Command, Reply? Error)
{
    public static implicit operator ParsedCommand(SmtpCommand command) => new(command, null);

    public static implicit operator ParsedCommand(Reply error) => new(null, error);
}

/// <summary>What MAIL said behind the path.</summary>
internal sealed record MailParameters
{
    public static readonly MailParameters None = new();

    /// <summary>RFC 1870 §6.</summary>
    public long? Size { get; init; }

    public BodyType BodyType { get; init; }

    /// <summary>RFC 6531 §3.4.</summary>
    public bool Utf8 { get; init; }

    public DsnReturn Return { get; init; }

    public string? EnvelopeId { get; init; }
}

/// <summary>What RCPT said behind the path.</summary>
internal sealed record RcptParameters(DsnNotify Notify, string? OriginalRecipient)
{
    public static readonly RcptParameters None = new(DsnNotify.Unspecified, null);
}
