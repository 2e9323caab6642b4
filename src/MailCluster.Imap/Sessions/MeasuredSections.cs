namespace MailCluster.Imap.Sessions;

/// <summary>
/// How long decoded sections are, of those measured last: a client that fetches a large part piece by piece has it measured
/// once. A body never changes, so nothing here goes out of date.
/// </summary>
internal sealed class MeasuredSections
{
    private const int Kept = 16;

    private readonly Queue<(EncodedSlice Section, EffectAnswer.Measured Measured)> _last = new(); // most sessions measure nothing

    public EffectAnswer.Measured? Find(EncodedSlice section)
    {
        foreach (var (known, measured) in _last)
        {
            if (known == section)
            {
                return measured;
            }
        }

        return null;
    }

    public void Add(EncodedSlice section, EffectAnswer.Measured measured)
    {
        if (_last.Count == Kept)
        {
            _last.Dequeue();
        }

        _last.Enqueue((section, measured));
    }
}
