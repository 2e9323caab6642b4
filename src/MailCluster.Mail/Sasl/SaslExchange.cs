using System.Collections.Immutable;

namespace MailCluster.Mail.Sasl;

/// <summary>
/// One authentication of a client (RFC 4422), without the protocol's framing: octets in, steps out. The host calls
/// <see cref="Start"/> where the client sent no initial response, else <see cref="Receive"/>, then follows the steps
/// until <see cref="SaslStep.Succeeded"/> or <see cref="SaslStep.Failed"/>. Not thread-safe; used once.
/// </summary>
public abstract class SaslExchange
{
    /// <summary>RFC 4616 §2: a user name of 255 octets must be accepted; no account of ours has a longer one.</summary>
    public const int MaxUserNameLength = 255;

    /// <summary>RFC 4616 §2 asks for 255 octets; whoever needs more than this means harm.</summary>
    public const int MaxPasswordLength = 1024;

    private protected const string ScramSha256 = "SCRAM-SHA-256";
    private protected const string ScramSha256Plus = "SCRAM-SHA-256-PLUS";
    private protected const string Plain = "PLAIN";
    private protected const string Login = "LOGIN";

    /// <summary>What is offered without channel binding, strongest first.</summary>
    public static ImmutableArray<string> Mechanisms { get; } = [ScramSha256, Plain, Login];

    private static readonly ImmutableArray<string> WithoutPlaintext = [ScramSha256];

    private static readonly ImmutableArray<string> WithBinding = [ScramSha256Plus, .. Mechanisms];

    private static readonly ImmutableArray<string> WithBindingWithoutPlaintext = [ScramSha256Plus, .. WithoutPlaintext];

    /// <summary>What is offered on a connection, strongest first.</summary>
    /// <param name="bindings">Of the TLS that the connection is under; none without TLS.</param>
    public static ImmutableArray<string> Offered(bool plaintextAllowed, ImmutableArray<ChannelBinding> bindings) =>
        (plaintextAllowed, bindings.IsEmpty) switch
        {
            (true, true) => Mechanisms,
            (true, false) => WithBinding,
            (false, true) => WithoutPlaintext,
            (false, false) => WithBindingWithoutPlaintext,
        };

    /// <summary>The mechanism's name, as in <see cref="Mechanisms"/>.</summary>
    public abstract string Mechanism { get; }

    /// <summary>The password crosses the wire: not to be offered or begun without TLS.</summary>
    public abstract bool IsPlaintext { get; }

    /// <summary>As below, on a connection without channel binding.</summary>
    public static SaslExchange? Begin(string mechanism) => Begin(mechanism, []);

    /// <summary>
    /// A new exchange of the mechanism, named in any case (RFC 4954 §4), or null where it is not offered.
    /// </summary>
    /// <param name="bindings">As given to <see cref="Offered"/>.</param>
    public static SaslExchange? Begin(string mechanism, ImmutableArray<ChannelBinding> bindings) =>
        mechanism.ToUpperInvariant() switch
        {
            ScramSha256Plus when !bindings.IsEmpty => new ScramExchange(bindings, isBound: true),
            ScramSha256 => new ScramExchange(bindings, isBound: false),
            Plain => new PlainExchange(),
            Login => new LoginExchange(),
            _ => null,
        };

    /// <summary>The first challenge for a client that sent no initial response.</summary>
    public abstract SaslStep Start();

    /// <summary>Takes what the client sent: its initial response, or the answer to the last challenge.</summary>
    public abstract SaslStep Receive(ReadOnlySpan<byte> response);

    /// <summary>
    /// Goes on after <see cref="SaslStep.NeedVerifier"/>; for null it goes on as if the user were known, and fails.
    /// </summary>
    public virtual SaslStep Resume(ScramVerifier? verifier) =>
        throw new InvalidOperationException($"{Mechanism} asked for no verifier.");

    /// <summary>Goes on after <see cref="SaslStep.NeedPassword"/>.</summary>
    public virtual SaslStep Resume(bool passwordRight) =>
        throw new InvalidOperationException($"{Mechanism} asked for no password check.");
}
