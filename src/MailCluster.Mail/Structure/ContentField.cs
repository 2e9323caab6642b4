using System.Collections.Immutable;
using System.Text;

namespace MailCluster.Mail.Structure;

/// <summary>
/// A value with parameters: Content-Type (RFC 2045 §5.1), Content-Disposition (RFC 2183 §2). Takes what senders
/// really write: unquoted file names with blanks, missing quotes at the end, stray semicolons.
/// </summary>
internal readonly record struct ContentField(string Value, ImmutableArray<MimeParameter> Parameters)
{
    public static ContentField Parse(string field)
    {
        var end = field.IndexOf(';', StringComparison.Ordinal);
        var value = WithoutComment(end < 0 ? field : field[..end]).ToLowerInvariant();
        var parameters = ImmutableArray.CreateBuilder<MimeParameter>();
        var at = end < 0 ? field.Length : end + 1;
        while (at < field.Length)
        {
            if (Parameter(field, ref at) is { } parameter)
            {
                parameters.Add(parameter);
            }
        }

        return new ContentField(value, parameters.ToImmutable());
    }

    private static MimeParameter? Parameter(string field, ref int at)
    {
        var start = at;
        while (at < field.Length && field[at] is not ('=' or ';'))
        {
            at++;
        }

        var name = field[start..at].Trim().ToLowerInvariant();
        if (at == field.Length || field[at++] == ';')
        {
            return null;
        }

        while (at < field.Length && field[at] is ' ' or '\t')
        {
            at++;
        }

        var value = at < field.Length && field[at] == '"' ? QuotedString(field, ref at) : Token(field, ref at);
        return name.Length == 0 ? null : new MimeParameter(name, value);
    }

    private static string QuotedString(string field, ref int at)
    {
        var text = new StringBuilder();
        for (at++; at < field.Length && field[at] != '"'; at++)
        {
            if (field[at] == '\\' && at + 1 < field.Length)
            {
                at++;
            }

            text.Append(field[at]);
        }

        SkipBehindSemicolon(field, ref at);
        return text.ToString();
    }

    private static string Token(string field, ref int at)
    {
        var start = at;
        SkipBehindSemicolon(field, ref at);
        var end = field[at - 1] == ';' && at > start ? at - 1 : at;
        return WithoutComment(field[start..end]);
    }

    private static void SkipBehindSemicolon(string field, ref int at)
    {
        var semicolon = at < field.Length ? field.IndexOf(';', at) : -1;
        at = semicolon < 0 ? field.Length : semicolon + 1;
    }

    private static string WithoutComment(string text)
    {
        // A parenthesis within a word is part of a file name: report(1).pdf.
        var comment = text.IndexOf(" (", StringComparison.Ordinal);
        return (comment < 0 ? text : text[..comment]).Trim();
    }
}
