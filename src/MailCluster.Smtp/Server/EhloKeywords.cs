using System.Collections.Immutable;
using System.Globalization;
using MailCluster.Mail.Sasl;

namespace MailCluster.Smtp.Server;

/// <summary>What EHLO offers (RFC 5321 §4.1.1.1): one line each, only what would be accepted now.</summary>
internal static class EhloKeywords
{
    public static ImmutableArray<string> For(
        SmtpServerOptions options, bool isSecure, bool isLoggedIn, ImmutableArray<ChannelBinding> bindings)
    {
        var keywords = ImmutableArray.CreateBuilder<string>();
        keywords.Add("PIPELINING"); // RFC 2920
        keywords.Add(string.Create(CultureInfo.InvariantCulture, $"SIZE {options.MaxMessageSize}")); // RFC 1870
        if (options.TlsAvailable && !isSecure)
        {
            keywords.Add("STARTTLS"); // RFC 3207
        }

        // RFC 4954 §4: mechanisms that show the password are offered only where nobody can listen.
        var mechanisms = SaslExchange.Offered(isSecure || options.PlaintextAuthAllowed, bindings);
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
}
