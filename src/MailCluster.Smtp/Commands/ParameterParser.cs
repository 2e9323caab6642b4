using System.Globalization;
using MailCluster.Mail.Dsn;
using MailCluster.Mail.Envelopes;
using MailCluster.Mail.Replies;
using MailCluster.Smtp.Server;

namespace MailCluster.Smtp.Commands;

/// <summary>
/// Reads esmtp-params of MAIL and RCPT (RFC 5321 §4.1.1.11). A parameter that nobody knows is refused with 555, one
/// that comes twice or with a wrong value with 501.
/// </summary>
internal static class ParameterParser
{
    [Flags]
    private enum MailKeyword
    {
        Unknown = 0,
        Size = 1,
        Body = 2,
        Utf8 = 4,
        Return = 8,
        EnvelopeId = 16,
        Auth = 32,
    }

    public static bool TryParseMail(ReadOnlySpan<char> text, out MailParameters parameters, out Reply? error)
    {
        parameters = MailParameters.None;
        error = null;
        var seen = MailKeyword.Unknown;
        while (TryNext(ref text, out var name, out var value, ref error))
        {
            var keyword = FindMailKeyword(name);
            if (keyword == MailKeyword.Unknown)
            {
                error = SmtpReplies.UnknownParameter(name);
            }
            else if ((seen & keyword) != 0 || Apply(parameters, keyword, value) is not { } more)
            {
                error = SmtpReplies.BadParameter(name);
            }
            else
            {
                parameters = more;
                seen |= keyword;
            }
        }

        return error is null;
    }

    public static bool TryParseRcpt(ReadOnlySpan<char> text, out RcptParameters parameters, out Reply? error)
    {
        parameters = RcptParameters.None;
        error = null;
        while (TryNext(ref text, out var keyword, out var value, ref error))
        {
            if (Is(keyword, "NOTIFY") && parameters.Notify == DsnNotify.Unspecified)
            {
                parameters = parameters with { Notify = ParseNotify(value, ref error) };
            }
            else if (Is(keyword, "ORCPT") && parameters.OriginalRecipient is null && IsOriginalRecipient(value))
            {
                parameters = parameters with { OriginalRecipient = value.ToString() };
            }
            else
            {
                error = Is(keyword, "NOTIFY") || Is(keyword, "ORCPT")
                    ? SmtpReplies.BadParameter(keyword)
                    : SmtpReplies.UnknownParameter(keyword);
            }
        }

        return error is null;
    }

    private static MailKeyword FindMailKeyword(ReadOnlySpan<char> name) =>
        Is(name, "SIZE") ? MailKeyword.Size
        : Is(name, "BODY") ? MailKeyword.Body
        : Is(name, "SMTPUTF8") ? MailKeyword.Utf8
        : Is(name, "RET") ? MailKeyword.Return
        : Is(name, "ENVID") ? MailKeyword.EnvelopeId
        : Is(name, "AUTH") ? MailKeyword.Auth
        : MailKeyword.Unknown;

    /// <summary>Null where the value is wrong.</summary>
    private static MailParameters? Apply(MailParameters known, MailKeyword keyword, ReadOnlySpan<char> value) => keyword switch
    {
        MailKeyword.Size => TryParseSize(value, out var size) ? known with { Size = size } : null,
        MailKeyword.Body => TryParseBody(value, out var body) ? known with { BodyType = body } : null,
        MailKeyword.Utf8 => value.IsEmpty ? known with { Utf8 = true } : null, // RFC 6531 §3.4: it has no value
        MailKeyword.Return => TryParseReturn(value, out var ret) ? known with { Return = ret } : null,
        MailKeyword.EnvelopeId => IsEnvelopeId(value) ? known with { EnvelopeId = value.ToString() } : null,
        // RFC 4954 §5: who submitted it, from a server that we do not trust in this: taken and forgotten.
        _ => known,
    };

    /// <summary>The next parameter; false at the end or at an error.</summary>
    private static bool TryNext(
        ref ReadOnlySpan<char> text, out ReadOnlySpan<char> keyword, out ReadOnlySpan<char> value, ref Reply? error)
    {
        keyword = value = [];
        if (error is not null || text.IsEmpty)
        {
            return false;
        }

        if (text[0] != ' ')
        {
            error = SmtpReplies.BadArguments;
            return false;
        }

        text = text.TrimStart(' ');
        if (text.IsEmpty)
        {
            return false;
        }

        var end = text.IndexOf(' ');
        var parameter = end < 0 ? text : text[..end];
        text = end < 0 ? [] : text[end..];
        var equals = parameter.IndexOf('=');
        keyword = equals < 0 ? parameter : parameter[..equals];
        value = equals < 0 ? [] : parameter[(equals + 1)..];
        return true;
    }

    /// <summary>RFC 1870 §4: up to 20 digits, which is more than fits; such a size is too big for anybody.</summary>
    private static bool TryParseSize(ReadOnlySpan<char> value, out long size)
    {
        const int MaxDigits = 20;
        if (long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out size))
        {
            return value.Length <= MaxDigits;
        }

        size = long.MaxValue;
        return value.Length is > 0 and <= MaxDigits && !value.ContainsAnyExceptInRange('0', '9');
    }

    /// <summary>RFC 6152 §3, RFC 3030 §3.</summary>
    private static bool TryParseBody(ReadOnlySpan<char> value, out BodyType body)
    {
        body = Is(value, "8BITMIME") ? BodyType.EightBitMime
            : Is(value, "BINARYMIME") ? BodyType.BinaryMime
            : BodyType.SevenBit;
        return body != BodyType.SevenBit || Is(value, "7BIT");
    }

    private static bool TryParseReturn(ReadOnlySpan<char> value, out DsnReturn ret)
    {
        ret = Is(value, "FULL") ? DsnReturn.Full : Is(value, "HDRS") ? DsnReturn.Headers : DsnReturn.Unspecified;
        return ret != DsnReturn.Unspecified;
    }

    private static bool IsEnvelopeId(ReadOnlySpan<char> value) =>
        value.Length is > 0 and <= SmtpLimits.EnvelopeId && Xtext.IsValid(value);

    /// <summary>RFC 3461 §4.1: NEVER by itself, or a list of the others.</summary>
    private static DsnNotify ParseNotify(ReadOnlySpan<char> value, ref Reply? error)
    {
        var notify = DsnNotify.Unspecified;
        foreach (var range in value.Split(','))
        {
            var word = value[range];
            var flag = Is(word, "NEVER") ? DsnNotify.Never
                : Is(word, "SUCCESS") ? DsnNotify.Success
                : Is(word, "FAILURE") ? DsnNotify.Failure
                : Is(word, "DELAY") ? DsnNotify.Delay
                : DsnNotify.Unspecified;
            if (flag == DsnNotify.Unspecified)
            {
                error = SmtpReplies.BadParameter("NOTIFY");
                return flag;
            }

            notify |= flag;
        }

        if (notify.HasFlag(DsnNotify.Never) && notify != DsnNotify.Never)
        {
            error = SmtpReplies.BadParameter("NOTIFY");
        }

        return notify;
    }

    /// <summary>RFC 3461 §4.2: addr-type ";" xtext; RFC 6533 §3 adds utf-8 addresses in their own encoding.</summary>
    private static bool IsOriginalRecipient(ReadOnlySpan<char> value)
    {
        var semicolon = value.IndexOf(';');
        if (semicolon <= 0 || value.Length > SmtpLimits.OriginalRecipient)
        {
            return false;
        }

        var address = value[(semicolon + 1)..];
        return !address.IsEmpty
            && (Xtext.IsValid(address) || (Is(value[..semicolon], "utf-8") && !address.ContainsAnyInRange('\0', ' ')));
    }

    private static bool Is(ReadOnlySpan<char> text, string word) => text.Equals(word, StringComparison.OrdinalIgnoreCase);
}
