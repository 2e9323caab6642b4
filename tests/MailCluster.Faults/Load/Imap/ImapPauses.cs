using System.Diagnostics;

namespace MailCluster.Faults.Load.Imap;

/// <summary>How long a client had to wait between two acknowledged commands. Written by the client, read by anybody.</summary>
internal sealed class ImapPauses
{
    private readonly Lock _lock = new();
    private long _since = Stopwatch.GetTimestamp();
    private long _acknowledgedAt;
    private bool _moved;
    private TimeSpan _longest;
    private TimeSpan _longestMove;

    /// <summary>When a command was last acknowledged.</summary>
    public long AcknowledgedAt => Interlocked.Read(ref _acknowledgedAt);

    /// <summary>While its connection was to a node that stayed.</summary>
    public TimeSpan Longest => Read(ref _longest);

    /// <summary>While its node died, and it went to another.</summary>
    public TimeSpan LongestMove => Read(ref _longestMove);

    public void Forget()
    {
        lock (_lock)
        {
            (_longest, _longestMove) = (TimeSpan.Zero, TimeSpan.Zero);
        }
    }

    public void NoteMove()
    {
        lock (_lock)
        {
            _moved = true;
        }
    }

    public void NoteAcknowledged()
    {
        lock (_lock)
        {
            var now = Stopwatch.GetTimestamp();
            var pause = Stopwatch.GetElapsedTime(_since, now);
            ref var longest = ref _moved ? ref _longestMove : ref _longest;
            longest = pause > longest ? pause : longest;
            (_since, _moved) = (now, false);
            Interlocked.Exchange(ref _acknowledgedAt, now);
        }
    }

    private TimeSpan Read(ref TimeSpan longest)
    {
        lock (_lock)
        {
            return longest;
        }
    }
}
