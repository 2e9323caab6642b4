using System.Collections.Immutable;
using System.Globalization;
using MailCluster.Mail.Sasl;

namespace MailCluster.Smtp.Server;

/// <summary>What EHLO offers (RFC 5321 §4.1.1.1): one line each, only what would be accepted now.</summary>
internal static class EhloKeywords
{
    private static readonly ImmutableArray<string> MechanismsWithoutPlaintext =
        [.. SaslExchange.Mechanisms.Where(name => SaslExchange.Begin(name) is { IsPlaintext: false })];

    public static ImmutableArray<string> For(SmtpServerOptions options, bool isSecure, bool isLoggedIn)
    {
        var keywords = ImmutableArray.CreateBuilder<string>();
        keywords.Add("PIPELINING"); // RFC 2920
        keywords.Add(string.Create(CultureInfo.InvariantCulture, $"SIZE {options.MaxMessageSize}")); // RFC 1870
        if (options.TlsAvailable && !isSecure)
        {
            keywords.Add("STARTTLS"); // RFC 3207
        }

        var mechanisms = Mechanisms(isSecure || options.PlaintextAuthAllowed);
        if (!mechanisms.IsEmpty && !isLoggedIn)
        {
            keywords.Add("AUTH " + string.Join(' ', mechanisms)); // RFC 4954
        }

        keywords.Add("8BITMIME"); // RFC 6152
        keywords.Add("SMTPUTF8"); // RFC 6531
        keywords.Add("CHUNKING"); // RFC 3030
        keywords.Add("BINARYMIME"); // RFC 3030
        keywords.Add("DSN"); // RFC 3461
        keywords.Add("ENHANCEDSTATUSCODES"); // RFC 2034
        keywords.Add(string.Create( // RFC 9422
            CultureInfo.InvariantCulture, $"LIMITS MAILMAX={options.MaxTransactions} RCPTMAX={options.MaxRecipients}"));
        return keywords.DrainToImmutable();
    }

    /// <summary>RFC 4954 §4: mechanisms that show the password are offered only where nobody can listen.</summary>
    private static ImmutableArray<string> Mechanisms(bool plaintextAllowed) =>
        plaintextAllowed ? SaslExchange.Mechanisms : MechanismsWithoutPlaintext;
}
