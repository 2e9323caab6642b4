namespace MailCluster.Imap.Syntax;

/// <summary>Parts of a result.</summary>
internal ref partial struct SyntaxReader
{
    /// <summary>RFC 9394 §4, partial-range: both ends counted from the beginning, or both from the end.</summary>
    public ResultRange ResultRange()
    {
        var fromEnd = Try('-');
        var first = NzNumber();
        Expect(':');
        if (fromEnd)
        {
            Expect('-');
        }

        return new ResultRange(first, NzNumber(), fromEnd);
    }
}

/// <summary>RFC 9394 §3.1: a part of a result by positions from 1 on, in either order.</summary>
/// <param name="IsFromEnd">1 is the last.</param>
internal readonly record struct ResultRange(uint From, uint To, bool IsFromEnd)
{
    /// <summary>The positions that there are in a result of this length, null where there is none of them.</summary>
    public (int First, int Last)? Of(int count)
    {
        long low = Math.Min(From, To);
        long high = Math.Min(Math.Max(From, To), count);
        return low > count ? null
            : IsFromEnd ? ((int)(count - high + 1), (int)(count - low + 1))
            : ((int)low, (int)high);
    }

    /// <summary>As it was sent.</summary>
    public override string ToString() => IsFromEnd ? $"-{From}:-{To}" : $"{From}:{To}";
}
