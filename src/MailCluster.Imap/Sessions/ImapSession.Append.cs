using System.Collections.Immutable;
using MailCluster.Imap.Commands;
using MailCluster.Imap.Framing;
using MailCluster.Imap.Syntax;

namespace MailCluster.Imap.Sessions;

/// <summary>Messages from the client: taken out of the input as they come, and never gathered.</summary>
public sealed partial class ImapSession
{
    private FrameResult _rest;

    internal long LiteralLength => _framer.Literal.Length;

    /// <summary>Spools the literal that is announced. After a failure its octets are dropped.</summary>
    internal IEnumerable<SessionEffect> SpoolLiteral()
    {
        var left = _framer.Literal.Length;
        if (_framer.Literal.IsSynchronizing)
        {
            Out.Line("+ Ready for the message");
        }

        _framer.Pass();
        while (left > 0)
        {
            if (_input.IsEmpty)
            {
                yield return SessionEffect.ReadMore.Instance;
                continue;
            }

            var octets = _input.Slice(0, Math.Min(left, _input.Length));
            left -= octets.Length;
            var length = octets.Length;
            yield return new SessionEffect.WriteBody(octets);
            _input = _input.Slice(length);
            if (!Got(out EffectAnswer.Done _))
            {
                _framer.Skip(left);
                yield break;
            }
        }
    }

    /// <summary>The text behind a literal has come, up to the next one of a message; one of an URL is gathered.</summary>
    internal bool TryReadRest()
    {
        while ((_rest = _framer.Read(ref _input)) == FrameResult.Literal && AppendSyntax.AnnouncesUrl(_framer.Text)
            && _framer.Fits)
        {
            GatherLiteral();
        }

        return _rest != FrameResult.NeedMore;
    }

    /// <summary>What is to be done next; nothing where the command has failed.</summary>
    internal ImmutableArray<AppendStep> TakeRest(ref AppendPlace place)
    {
        if (_rest == FrameResult.TooLong)
        {
            Bad("Line is too long");
            Bye("Line is too long");
            return [];
        }

        var reader = new SyntaxReader(_framer.Text[..^2], Out.Utf8, Time.GetUtcNow());
        var steps = AppendSyntax.Read(ref reader, ref place);
        reader.End();
        if (reader.Error is not { } error)
        {
            return steps;
        }

        if (_rest == FrameResult.Literal)
        {
            DropLiteral();
        }

        Bad(error);
        return [];
    }

    /// <summary>Whatever the host said.</summary>
    internal void ForgetAnswer() => _answer = null;
}
