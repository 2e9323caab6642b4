using MailCluster.Pop3.Commands;

namespace MailCluster.Pop3;

/// <summary>What can be done with an open maildrop (RFC 1939 §5, §6, §7).</summary>
public sealed partial class Pop3Session
{
    private const string NoSuchMessage = "no such message";

    private SessionEffect? Stat() => Ok($"{_maildrop!.Count} {_maildrop.Size}");

    private SessionEffect? List(Pop3Command command)
    {
        if (command.Argument.Length > 0)
        {
            return Find(command) is { } message ? Ok($"{command.Argument.Trim()} {message.Size}") : Refuse(NoSuchMessage);
        }

        Ok($"{_maildrop!.Count} messages");
        foreach (var (number, message) in _maildrop.Unmarked())
        {
            Line($"{number} {message.Size}");
        }

        return Line(".");
    }

    private SessionEffect? Uidl(Pop3Command command)
    {
        if (command.Argument.Length > 0)
        {
            return Find(command) is { } message
                ? Ok($"{command.Argument.Trim()} {message.UniqueId}")
                : Refuse(NoSuchMessage);
        }

        Ok("unique-ids follow");
        foreach (var (number, message) in _maildrop!.Unmarked())
        {
            Line($"{number} {message.UniqueId}");
        }

        return Line(".");
    }

    private SessionEffect? Retr(Pop3Command command) =>
        Find(command) is { } message
            ? Send(message, new MultilineEncoder(message.Size, maxBodyLines: null), counts: true)
            : Refuse(NoSuchMessage);

    private SessionEffect? Top(Pop3Command command) =>
        !command.TryGetNumbers(out var number, out var lines) ? Refuse("syntax: TOP message lines")
        : _maildrop!.Find(number) is { } message
            ? Send(message, new MultilineEncoder(message.Size, lines), counts: false)
            : Refuse(NoSuchMessage);

    private SessionEffect Send(MaildropMessage message, MultilineEncoder encoder, bool counts) =>
        Ask(new SessionEffect.SendMessage(message, encoder), answer =>
        {
            switch (((EffectAnswer.MessageSent)answer).Outcome)
            {
                case SendOutcome.Sent:
                    RetrievedMessages += counts ? 1 : 0;
                    return null;
                case SendOutcome.FailedBeforeFirstOctet:
                    return Error("[SYS/TEMP] message not available, try again later");
                default:
                    // Half a message cannot be taken back: only the end of the connection tells that it is not whole.
                    _closing = true;
                    return SessionEffect.Close.Instance;
            }
        });

    private SessionEffect? Dele(Pop3Command command)
    {
        if (Find(command) is null)
        {
            return Refuse(NoSuchMessage);
        }

        command.TryGetNumber(out var number);
        _maildrop!.Mark(number);
        return Ok("marked");
    }

    private SessionEffect? Rset()
    {
        _maildrop!.Reset();
        return Ok($"{_maildrop.Count} messages, {_maildrop.Size} octets");
    }

    private SessionEffect? Quit()
    {
        Ok("bye");
        _closing = true;
        return null;
    }

    /// <summary>RFC 1939 §6: the one place where messages are removed.</summary>
    private SessionEffect? QuitAndRemove()
    {
        State = Pop3State.Update;
        var marked = _maildrop!.TakeMarked();
        if (marked.IsEmpty)
        {
            return Quit();
        }

        return Ask(new SessionEffect.Expunge(marked), answer =>
        {
            _closing = true;
            if (!((EffectAnswer.Expunged)answer).All)
            {
                return Error("[SYS/TEMP] some messages were not removed");
            }

            DeletedMessages = marked.Length;
            return Ok("bye");
        });
    }

    private MaildropMessage? Find(Pop3Command command) =>
        command.TryGetNumber(out var number) ? _maildrop!.Find(number) : null;
}
