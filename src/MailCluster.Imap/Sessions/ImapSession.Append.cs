using MailCluster.Imap.Commands;
using MailCluster.Imap.Framing;
using MailCluster.Imap.Syntax;

namespace MailCluster.Imap.Sessions;

/// <summary>Messages from the client: taken out of the input as they come, and never gathered.</summary>
public sealed partial class ImapSession
{
    private FrameResult _rest;

    internal long LiteralLength => _framer.Literal.Length;

    /// <summary>After <see cref="SpoolLiteral"/>: the durable message; null where the command has failed.</summary>
    internal EffectAnswer.BodyStored? Spooled { get; private set; }

    /// <summary>Spools the literal that is announced. After a failure its octets are dropped.</summary>
    internal IEnumerable<SessionEffect> SpoolLiteral()
    {
        Spooled = null;
        var left = _framer.Literal.Length;
        yield return SessionEffect.BeginBody.Instance;
        if (!Got(out EffectAnswer.Done _))
        {
            DropLiteral();
            yield break;
        }

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
                yield return SessionEffect.DropBody.Instance;
                _answer = null;
                yield break;
            }
        }

        yield return SessionEffect.EndBody.Instance;
        if (Got(out EffectAnswer.BodyStored stored))
        {
            Spooled = stored;
        }
        else
        {
            _framer.Skip(0);
            yield return SessionEffect.DropBody.Instance;
            _answer = null;
        }
    }

    /// <summary>The line behind a message has come, up to the next message.</summary>
    internal bool TryReadRest()
    {
        _rest = _framer.Read(ref _input);
        return _rest != FrameResult.NeedMore;
    }

    internal AppendRest TakeRest(out AppendedPart next, out string error)
    {
        next = new AppendedPart([], null);
        error = "";
        if (_rest == FrameResult.TooLong)
        {
            Bye("Line is too long");
            error = "Line is too long";
            return AppendRest.Bad;
        }

        if (_rest == FrameResult.Command && _framer.Text.SequenceEqual("\r\n"u8))
        {
            return AppendRest.End;
        }

        var reader = new SyntaxReader(_framer.Text[..^2], Out.Utf8, Time.GetUtcNow());
        if (_rest == FrameResult.Literal)
        {
            reader.Space();
            next = AppendCommand.Part(ref reader);
        }
        else
        {
            reader.Fail("the end of the command, or another message");
        }

        error = reader.Error ?? "";
        if (reader.Error is null)
        {
            return AppendRest.Another;
        }

        if (_rest == FrameResult.Literal)
        {
            DropLiteral();
        }

        return AppendRest.Bad;
    }
}
