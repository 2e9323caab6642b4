using MailCluster.Imap.Commands;

namespace MailCluster.Imap.Sessions;

/// <summary>What becomes of a literal that a client announces.</summary>
public sealed partial class ImapSession
{
    /// <summary>A literal is gathered where it fits, and streamed where it is a message.</summary>
    private IEnumerable<SessionEffect> OnLiteral()
    {
        if (AppendCommand.IsBegun(_framer.Text))
        {
            return RunTagged(AppendCommand.ParseBeginning, isStreamed: true);
        }

        if (_framer.Fits && !IsTooMuchBeforeLogin(_framer.Literal.Length))
        {
            GatherLiteral();
            return [];
        }

        return RefuseLiteral("Literal is too large", "TOOBIG");
    }

    private void GatherLiteral()
    {
        _framer.Gather();
        if (_framer.Literal.IsSynchronizing)
        {
            Out.Line("+ Ready for the literal");
        }
    }

    private IEnumerable<SessionEffect> RefuseLiteral(string text, string code)
    {
        TakeTag(_framer.Text, out var tag, out _);
        DropLiteral();
        Complete(tag, new CommandResult("BAD", text, code));
        return [];
    }

    /// <summary>The announced literal, and what follows it, is not wanted.</summary>
    internal void DropLiteral()
    {
        if (_framer.Literal.IsSynchronizing)
        {
            _framer.Abandon();
        }
        else
        {
            _framer.Skip();
        }
    }
}
