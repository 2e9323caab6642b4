using System.Text;
using MimeKit.Encodings;
using MimeKit.Text;

namespace MailCluster.Mail.Structure;

/// <summary>The characters of a text part that a person reads. Never fails: a charset that nobody knows is read as UTF-8.</summary>
internal static class PartText
{
    public static string From(ReadOnlySpan<byte> octets, PartBuilder part, int maxCharacters) =>
        From(octets, part.TransferEncoding, part.Charset, part.IsHtml, maxCharacters);

    /// <param name="octets">Encoded, perhaps cut off anywhere.</param>
    /// <param name="transferEncoding">In lower case.</param>
    /// <param name="charset">As the part says, or null.</param>
    /// <param name="isHtml">Tags are to be left out.</param>
    /// <param name="maxCharacters">HTML is not read much further.</param>
    public static string From(
        ReadOnlySpan<byte> octets, string transferEncoding, string? charset, bool isHtml, int maxCharacters)
    {
        var text = CharsetOf(charset).GetString(Decode(octets, transferEncoding));
        return isHtml ? WithoutTags(text, maxCharacters) : text;
    }

    private static ReadOnlySpan<byte> Decode(ReadOnlySpan<byte> octets, string transferEncoding)
    {
        IMimeDecoder? decoder = transferEncoding switch
        {
            "base64" => new Base64Decoder(),
            "quoted-printable" => new QuotedPrintableDecoder(),
            _ => null,
        };
        if (decoder is null)
        {
            return octets;
        }

        var input = octets.ToArray();
        var output = new byte[decoder.EstimateOutputLength(input.Length)];
        return output.AsSpan(0, decoder.Decode(input, 0, input.Length, output));
    }

    private static Encoding CharsetOf(string? name)
    {
        try
        {
            // What is said to be ASCII, or says nothing, may well be UTF-8; if it is ASCII, it is UTF-8 as well.
            return string.IsNullOrEmpty(name) || name.Equals("us-ascii", StringComparison.OrdinalIgnoreCase)
                ? Encoding.UTF8
                : CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (Exception unknown) when (unknown is NotSupportedException or ArgumentException)
        {
            return Encoding.UTF8;
        }
    }

    private static string WithoutTags(string html, int maxCharacters)
    {
        var text = new StringBuilder();
        var tokens = new HtmlTokenizer(new StringReader(WithoutCutTag(html)));
        var hidden = HtmlTagId.Unknown;
        while (text.Length < maxCharacters && tokens.ReadNextToken(out var token))
        {
            if (token is HtmlTagToken tag)
            {
                var begins = hidden == HtmlTagId.Unknown && !tag.IsEndTag && !tag.IsEmptyElement && IsHidden(tag.Id);
                var ends = tag.IsEndTag && tag.Id == hidden;
                hidden = begins ? tag.Id : ends ? HtmlTagId.Unknown : hidden;
                text.Append(IsInline(tag.Id) ? "" : " ");
            }
            else if (token is HtmlDataToken data and not HtmlScriptDataToken && hidden == HtmlTagId.Unknown)
            {
                text.Append(data.Data);
            }
        }

        return text.ToString();
    }

    /// <summary>Only the beginning of a part is read, so it may end within a tag; MimeKit makes it text.</summary>
    private static string WithoutCutTag(string html)
    {
        var open = html.LastIndexOf('<');
        var isTag = open >= 0 && open + 1 < html.Length
            && (char.IsAsciiLetter(html[open + 1]) || html[open + 1] is '/' or '!');
        return isTag && html.IndexOf('>', open) < 0 ? html[..open] : html;
    }

    private static bool IsHidden(HtmlTagId tag) =>
        tag is HtmlTagId.Script or HtmlTagId.Style or HtmlTagId.Title;

    private static bool IsInline(HtmlTagId tag) =>
        tag is HtmlTagId.A or HtmlTagId.B or HtmlTagId.I or HtmlTagId.U or HtmlTagId.EM or HtmlTagId.Strong
            or HtmlTagId.Span or HtmlTagId.Font or HtmlTagId.Small or HtmlTagId.Sub or HtmlTagId.Sup or HtmlTagId.Code;
}
