using System.Text;

namespace MailCluster.Mail.Dsn;

/// <summary>
/// Writes lines that quote strangers, such as the remote server's reply: no control character gets through, nothing
/// beyond ASCII unless allowed, and every line is within the limits of RFC 5322 §2.1.1.
/// </summary>
internal sealed class FoldedText(bool utf8)
{
    /// <summary>RFC 5322 §2.1.1: lines should have at most 78 characters.</summary>
    private const int FoldAfter = 76;

    /// <summary>RFC 5322 §2.1.1: a line must not have more than 998 octets, and a value may be one word.</summary>
    private const int MaxValueOctets = 900;

    private readonly StringBuilder _text = new();

    /// <summary>One header field, folded at blanks.</summary>
    public void Field(string name, string value)
    {
        _text.Append(name).Append(':');
        Fold(value, name.Length + 1, " ", "\t");
    }

    /// <summary>One header field on one line: blanks in a quoted local-part are no place to fold.</summary>
    public void Unfolded(string name, string value) =>
        _text.Append(name).Append(": ").Append(Clean(value)).Append("\r\n");

    /// <summary>One paragraph, wrapped and indented.</summary>
    public void Paragraph(string indent, string value)
    {
        _text.Append(indent);
        Fold(value, indent.Length, "", indent);
    }

    public void EmptyLine() => _text.Append("\r\n");

    public override string ToString() => _text.ToString();

    private void Fold(string value, int column, string beforeFirst, string beforeLine)
    {
        var separator = beforeFirst;
        foreach (var word in Clean(value).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (separator == " " && column + 1 + word.Length > FoldAfter && column > beforeLine.Length)
            {
                _text.Append("\r\n").Append(beforeLine);
                column = beforeLine.Length;
                separator = "";
            }

            _text.Append(separator).Append(word);
            column += separator.Length + word.Length;
            separator = " ";
        }

        _text.Append("\r\n");
    }

    private string Clean(string value)
    {
        var clean = new StringBuilder(Math.Min(value.Length, MaxValueOctets));
        var octets = 0;
        foreach (var rune in value.EnumerateRunes())
        {
            octets += rune.Utf8SequenceLength;
            if (octets > MaxValueOctets)
            {
                break;
            }

            clean.Append(Rune.IsControl(rune) ? " " : rune.IsAscii || utf8 ? rune.ToString() : "?");
        }

        return clean.ToString();
    }
}
