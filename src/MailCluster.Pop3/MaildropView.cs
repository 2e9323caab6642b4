using System.Collections.Immutable;

namespace MailCluster.Pop3;

/// <summary>The maildrop as one session sees it (RFC 1939 §5): numbered from 1, with the marks of DELE.</summary>
internal sealed class MaildropView
{
    private readonly ImmutableArray<MaildropMessage> _messages;
    private readonly bool[] _marked;

    public MaildropView(ImmutableArray<MaildropMessage> messages)
    {
        _messages = messages;
        _marked = new bool[messages.Length];
        Reset();
    }

    public int Count { get; private set; }

    public long Size { get; private set; }

    public int Marked => _messages.Length - Count;

    /// <summary>The message of a number, unless it is marked or there is none.</summary>
    public MaildropMessage? Find(int number) =>
        number >= 1 && number <= _messages.Length && !_marked[number - 1] ? _messages[number - 1] : null;

    public IEnumerable<(int Number, MaildropMessage Message)> Unmarked()
    {
        for (var i = 0; i < _messages.Length; i++)
        {
            if (!_marked[i])
            {
                yield return (i + 1, _messages[i]);
            }
        }
    }

    public void Mark(int number)
    {
        _marked[number - 1] = true;
        Count--;
        Size -= _messages[number - 1].Size;
    }

    public ImmutableArray<MaildropMessage> TakeMarked() => [.. _messages.Where((_, i) => _marked[i])];

    public void Reset()
    {
        Array.Clear(_marked);
        Count = _messages.Length;
        Size = _messages.Sum(message => message.Size);
    }
}
