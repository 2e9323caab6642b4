using System.Text;
using MimeKit.Utils;

namespace MailCluster.Mail.Structure;

/// <summary>
/// The base subject of RFC 5256 §2.1, in linear time. The rule takes blobs off one by one and looks for a leader each
/// time again; whether one comes does not change on the way, so a run of blobs is judged once.
/// </summary>
internal ref struct BaseSubject
{
    /// <summary>A longer subject is cut for comparing; nobody tells such subjects apart at their end.</summary>
    private const int LongestSubject = 4096;

    private ReadOnlySpan<char> _text;
    private bool _isReplyOrForward;

    public static (string Text, bool IsReplyOrForward) Of(string? subject)
    {
        var raw = subject ?? "";
        var kept = raw.Length > LongestSubject ? raw[..LongestSubject] : raw;
        var work = new BaseSubject { _text = SingleBlanks(Decoded(kept)) };
        work.Reduce();
        return (work._text.ToString(), work._isReplyOrForward);
    }

    internal static string Decoded(string text) =>
        text.Contains("=?", StringComparison.Ordinal) ? Rfc2047.DecodeText(Encoding.UTF8.GetBytes(text)) : text;

    private static string SingleBlanks(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            var blank = c is ' ' or '\t' or '\r' or '\n';
            if (!blank)
            {
                folded.Append(c);
            }
            else if (folded.Length == 0 || folded[^1] != ' ')
            {
                folded.Append(' ');
            }
        }

        return folded.ToString();
    }

    private void Reduce()
    {
        do
        {
            RemoveTrailers();
            RemoveLeadersAndBlobs();
        }
        while (Unwrap());
    }

    /// <summary>Step 2: subj-trailer = "(fwd)" / WSP.</summary>
    private void RemoveTrailers()
    {
        _text = _text.TrimEnd(' ');
        while (_text.EndsWith("(fwd)", StringComparison.OrdinalIgnoreCase))
        {
            _text = _text[..^5].TrimEnd(' ');
            _isReplyOrForward = true;
        }
    }

    /// <summary>Steps 3 to 5: subj-leader = (*subj-blob subj-refwd) / WSP, then a blob if text is left.</summary>
    private void RemoveLeadersAndBlobs()
    {
        while (true)
        {
            _text = _text.TrimStart(' ');
            var behindBlobs = _text;
            var beforeLast = _text;
            while (Blob(behindBlobs) is var length && length > 0)
            {
                beforeLast = behindBlobs;
                behindBlobs = behindBlobs[length..];
            }

            if (ReplyOrForward(behindBlobs) is var leader && leader > 0)
            {
                _text = behindBlobs[leader..];
                _isReplyOrForward = true;
                continue;
            }

            _text = behindBlobs.IsEmpty ? beforeLast : behindBlobs;
            return;
        }
    }

    /// <summary>Step 6: "[fwd:" around all of it.</summary>
    private bool Unwrap()
    {
        if (!_text.StartsWith("[fwd:", StringComparison.OrdinalIgnoreCase) || !_text.EndsWith(']'))
        {
            return false;
        }

        _text = _text[5..^1];
        _isReplyOrForward = true;
        return true;
    }

    /// <summary>subj-blob = "[" *BLOBCHAR "]" *WSP; the length, 0 if there is none.</summary>
    private static int Blob(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text[0] != '[')
        {
            return 0;
        }

        var close = text[1..].IndexOfAny('[', ']') + 1;
        return close == 0 || text[close] == '[' ? 0 : text.Length - text[(close + 1)..].TrimStart(' ').Length;
    }

    /// <summary>subj-refwd = ("re" / ("fw" ["d"])) *WSP [subj-blob] ":"; the length, 0 if there is none.</summary>
    private static int ReplyOrForward(ReadOnlySpan<char> text)
    {
        var word = text.StartsWith("fwd", StringComparison.OrdinalIgnoreCase) ? 3
            : text.StartsWith("fw", StringComparison.OrdinalIgnoreCase) ? 2
            : text.StartsWith("re", StringComparison.OrdinalIgnoreCase) ? 2 : 0;
        if (word == 0)
        {
            return 0;
        }

        var rest = text[word..].TrimStart(' ');
        rest = rest[Blob(rest)..];
        return !rest.IsEmpty && rest[0] == ':' ? text.Length - rest.Length + 1 : 0;
    }
}
