using System.Buffers;
using System.Collections.Immutable;
using System.Text;

namespace MailCluster.Mail.Structure;

/// <summary>
/// An address-list (RFC 5322 §3.4 with §4.4) as the envelope structure of IMAP wants it. Never fails: what is no
/// address is skipped. Linear in time, nothing recursive.
/// </summary>
internal ref struct AddressListParser(ReadOnlySpan<char> text)
{
    private const string Specials = "<>@,;:()[]";

    private static readonly SearchValues<char> WordEnds = SearchValues.Create(" \t\"" + Specials);

    private readonly ReadOnlySpan<char> _text = text;
    private readonly ImmutableArray<MessageAddress>.Builder _found = ImmutableArray.CreateBuilder<MessageAddress>();
    private int _at;
    private bool _inGroup;
    private string? _comment;

    public static ImmutableArray<MessageAddress> Parse(string? field) =>
        string.IsNullOrWhiteSpace(field) ? [] : new AddressListParser(field).AddressList();

    private readonly char Next => _at < _text.Length ? _text[_at] : '\0';

    private ImmutableArray<MessageAddress> AddressList()
    {
        while (_at < _text.Length)
        {
            _comment = null;
            var start = _at;
            Address(Phrase(keepBlanks: true), start);
        }

        EndGroup();
        return _found.ToImmutable();
    }

    private void Address(string phrase, int start)
    {
        switch (Next)
        {
            case ':' when !_inGroup:
                _at++;
                _inGroup = true;
                _found.Add(MessageAddress.GroupStart(phrase));
                break;
            case '<':
                AngleAddress(phrase);
                break;
            case '@':
                // Not a phrase after all: RFC 5322 §4.4 allows blanks around the dots, and they do not count.
                _at = start;
                var mailbox = Phrase(keepBlanks: false);
                _at++;
                Add(null, null, mailbox, Domain());
                break;
            default:
                if (phrase.Length > 0)
                {
                    Add(null, null, phrase, "");
                }

                Separator();
                break;
        }
    }

    private void AngleAddress(string phrase)
    {
        _at++;
        SkipBlanks();
        var route = Next == '@' ? Route() : null;
        var mailbox = Phrase(keepBlanks: false);
        var host = "";
        if (Next == '@')
        {
            _at++;
            host = Domain();
        }

        var close = _text[_at..].IndexOfAny('>', ',');
        _at = close < 0 ? _text.Length : _at + close + (_text[_at + close] == '>' ? 1 : 0);
        Phrase(keepBlanks: true);
        Add(phrase.Length > 0 ? phrase : null, route, mailbox, host);
    }

    /// <summary>RFC 5322 §4.4, obs-route: hosts to go through, before a colon.</summary>
    private string? Route()
    {
        var colon = _text[_at..].IndexOfAny(':', '>');
        if (colon < 0 || _text[_at + colon] == '>')
        {
            return null;
        }

        var route = _text.Slice(_at, colon).Trim().ToString();
        _at += colon + 1;
        return route;
    }

    private void Add(string? name, string? route, string mailbox, string host) =>
        _found.Add(new MessageAddress(name ?? _comment, route, mailbox, host));

    private void Separator()
    {
        if (Next == ';')
        {
            EndGroup();
        }

        _at++;
    }

    private void EndGroup()
    {
        if (_inGroup)
        {
            _inGroup = false;
            _found.Add(MessageAddress.GroupEnd);
        }
    }

    private string Domain()
    {
        SkipBlanks();
        if (Next != '[')
        {
            return Phrase(keepBlanks: false);
        }

        var close = _text[_at..].IndexOf(']');
        var end = close < 0 ? _text.Length : _at + close + 1;
        var literal = _text[_at..end].ToString();
        _at = end;
        Phrase(keepBlanks: false);
        return literal;
    }

    /// <summary>Words up to the next special, their quotes removed; comments are put aside.</summary>
    private string Phrase(bool keepBlanks)
    {
        var words = new StringBuilder();
        var blank = false;
        while (_at < _text.Length)
        {
            var c = _text[_at];
            if (c is ' ' or '\t')
            {
                blank = true;
                _at++;
            }
            else if (c == '(')
            {
                _comment = Comment();
                blank = true;
            }
            else if (Specials.Contains(c, StringComparison.Ordinal))
            {
                break;
            }
            else
            {
                Word(words, blank && keepBlanks && words.Length > 0);
                blank = false;
            }
        }

        return words.ToString();
    }

    private void Word(StringBuilder words, bool blankBefore)
    {
        if (blankBefore)
        {
            words.Append(' ');
        }

        if (_text[_at] == '"')
        {
            Quoted(words);
            return;
        }

        var length = _text[_at..].IndexOfAny(WordEnds);
        length = length < 0 ? _text.Length - _at : length;
        words.Append(_text.Slice(_at, length));
        _at += length;
    }

    private void Quoted(StringBuilder words)
    {
        for (_at++; _at < _text.Length && _text[_at] != '"'; _at++)
        {
            if (_text[_at] == '\\' && _at + 1 < _text.Length)
            {
                _at++;
            }

            words.Append(_text[_at]);
        }

        _at = Math.Min(_at + 1, _text.Length); // The closing quote may be missing.
    }

    /// <summary>"jdoe@example.org (John Doe)": the old way to give a name.</summary>
    private string? Comment()
    {
        var inside = new StringBuilder();
        var depth = 0;
        for (; _at < _text.Length; _at++)
        {
            var c = _text[_at];
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (depth == 0)
            {
                _at++;
                break;
            }

            if (c == '\\' && _at + 1 < _text.Length)
            {
                c = _text[++_at];
            }

            if (inside.Length > 0 || c != '(' || depth > 1)
            {
                inside.Append(c);
            }
        }

        var name = inside.ToString().Trim();
        return name.Length > 0 ? name : null;
    }

    private void SkipBlanks()
    {
        while (Next is ' ' or '\t')
        {
            _at++;
        }
    }
}
