using System.Globalization;
using MailCluster.Mail.Addresses;
using MailCluster.Smtp.Server;

namespace MailCluster.Smtp.Commands;

/// <summary>
/// Reads a command line by RFC 5321 §4.1.1. Liberal where senders in the field are careless and nothing is at stake: a
/// space behind FROM: and at the end of the line. Never throws.
/// </summary>
internal sealed class CommandParser(DomainName ownDomain)
{
    public ParsedCommand Parse(ReadOnlySpan<char> line)
    {
        line = line.TrimEnd(' ');
        var space = line.IndexOf(' ');
        var verb = space < 0 ? line : line[..space];
        var argument = space < 0 ? [] : line[(space + 1)..].TrimStart(' ');
        return verb.Length switch
        {
            4 => ParseFour(verb, argument),
            8 when Is(verb, "STARTTLS") => WithoutArgument(Verb.StartTls, argument),
            _ => SmtpReplies.UnknownCommand,
        };
    }

    private ParsedCommand ParseFour(ReadOnlySpan<char> verb, ReadOnlySpan<char> argument) =>
        Is(verb, "MAIL") ? ParseMail(argument)
        : Is(verb, "RCPT") ? ParseRcpt(argument)
        : Is(verb, "DATA") ? WithoutArgument(Verb.Data, argument)
        : Is(verb, "BDAT") ? ParseBdat(argument)
        : Is(verb, "EHLO") ? ParseHello(Verb.Ehlo, argument)
        : Is(verb, "HELO") ? ParseHello(Verb.Helo, argument)
        : Is(verb, "RSET") ? WithoutArgument(Verb.Rset, argument)
        : Is(verb, "QUIT") ? WithoutArgument(Verb.Quit, argument)
        : Is(verb, "NOOP") ? new SmtpCommand.Plain(Verb.Noop)
        : Is(verb, "HELP") ? new SmtpCommand.Plain(Verb.Help)
        : Is(verb, "VRFY") ? WithArgument(Verb.Vrfy, argument)
        : Is(verb, "EXPN") ? WithArgument(Verb.Expn, argument)
        : Is(verb, "AUTH") ? ParseAuth(argument)
        : SmtpReplies.UnknownCommand;

    /// <summary>helo = "HELO" SP Domain; ehlo = "EHLO" SP ( Domain / address-literal ). Any token serves (§4.1.4).</summary>
    private static ParsedCommand ParseHello(Verb verb, ReadOnlySpan<char> argument) =>
        argument.IsEmpty || argument.Length > SmtpLimits.HelloName || !IsPrintable(argument)
            ? SmtpReplies.HelloNeedsName
            : new SmtpCommand.Hello(verb, argument.ToString());

    /// <summary>mail = "MAIL FROM:" Reverse-path [SP Mail-parameters]</summary>
    private static ParsedCommand ParseMail(ReadOnlySpan<char> argument)
    {
        if (!TrySkip(ref argument, "FROM:") || !ReversePath.TryRead(argument, allowUtf8: true, out var path, out var rest))
        {
            return SmtpReplies.BadReversePath;
        }

        return ParameterParser.TryParseMail(rest, out var parameters, out var error)
            ? new SmtpCommand.Mail(path, parameters)
            : error!;
    }

    /// <summary>rcpt = "RCPT TO:" ( "&lt;Postmaster@" Domain "&gt;" / "&lt;Postmaster&gt;" / Forward-path ) [SP Rcpt-parameters]</summary>
    private ParsedCommand ParseRcpt(ReadOnlySpan<char> argument)
    {
        if (!TrySkip(ref argument, "TO:")
            || !ForwardPath.TryRead(argument, allowUtf8: true, ownDomain, out var path, out var rest))
        {
            return SmtpReplies.BadForwardPath;
        }

        return ParameterParser.TryParseRcpt(rest, out var parameters, out var error)
            ? new SmtpCommand.Rcpt(path, parameters)
            : error!;
    }

    /// <summary>bdat-cmd = "BDAT" SP chunk-size [ SP end-marker ] (RFC 3030 §2)</summary>
    private static ParsedCommand ParseBdat(ReadOnlySpan<char> argument)
    {
        var space = argument.IndexOf(' ');
        var size = space < 0 ? argument : argument[..space];
        var marker = space < 0 ? [] : argument[(space + 1)..].Trim(' ');
        var valid = long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var octets)
            && (marker.IsEmpty || Is(marker, "LAST"));
        return valid ? new SmtpCommand.Bdat(octets, !marker.IsEmpty) : SmtpReplies.BadArguments;
    }

    /// <summary>"AUTH" SP mechanism [SP initial-response] (RFC 4954 §4)</summary>
    private static ParsedCommand ParseAuth(ReadOnlySpan<char> argument)
    {
        var space = argument.IndexOf(' ');
        var mechanism = space < 0 ? argument : argument[..space];
        return mechanism.IsEmpty
            ? SmtpReplies.BadArguments
            : new SmtpCommand.Auth(mechanism.ToString(), space < 0 ? null : argument[(space + 1)..].Trim(' ').ToString());
    }

    private static ParsedCommand WithoutArgument(Verb verb, ReadOnlySpan<char> argument) =>
        argument.IsEmpty ? new SmtpCommand.Plain(verb) : SmtpReplies.NoArgumentsAllowed;

    private static ParsedCommand WithArgument(Verb verb, ReadOnlySpan<char> argument) =>
        argument.IsEmpty ? SmtpReplies.BadArguments : new SmtpCommand.Plain(verb);

    /// <summary>Names go into logs and terminals: no blanks, none of the control characters of ASCII and Latin-1.</summary>
    private static bool IsPrintable(ReadOnlySpan<char> text) =>
        !text.ContainsAnyInRange('\0', ' ') && !text.ContainsAnyInRange('\x7f', '\u00a0');

    private static bool TrySkip(ref ReadOnlySpan<char> text, string prefix)
    {
        if (!text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        text = text[prefix.Length..].TrimStart(' ');
        return true;
    }

    private static bool Is(ReadOnlySpan<char> text, string word) => text.Equals(word, StringComparison.OrdinalIgnoreCase);
}
