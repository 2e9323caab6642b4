namespace MailCluster.Node.Membership;

/// <summary>
/// Finds out that there is another cluster on the same database: who confirms itself in the register for long, and is not
/// known to this node's cluster, is of another one. Two clusters never join by themselves and would fight for every
/// partition, so that the smaller gives way; of two alike that without the lowest address. All nodes see the same rows,
/// and so decide alike. Used by one node's formation.
/// </summary>
internal sealed class SecondCluster(TimeProvider time)
{
    /// <summary>Longer than the register takes a dead node for a member, and than a split takes to be decided.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    private readonly Dictionary<string, long> _outsiders = [];

    /// <summary>Said with each confirmation.</summary>
    /// <param name="self">This node.</param>
    /// <param name="ours">All nodes that its cluster knows, whatever their state.</param>
    /// <param name="confirmed">Those who have confirmed themselves, without this node.</param>
    /// <returns>True where this node's cluster must give way.</returns>
    public bool MustGiveWay(string self, IReadOnlySet<string> ours, IReadOnlyCollection<string> confirmed)
    {
        var now = time.GetTimestamp();
        foreach (var gone in _outsiders.Keys.Where(address => ours.Contains(address) || !confirmed.Contains(address)).ToList())
        {
            _outsiders.Remove(gone);
        }

        foreach (var address in confirmed.Where(address => !ours.Contains(address)))
        {
            _outsiders.TryAdd(address, now);
        }

        var theirs = _outsiders.Where(outsider => time.GetElapsedTime(outsider.Value, now) >= Patience)
            .Select(outsider => outsider.Key).ToList();
        List<string> mine = [self, .. confirmed.Where(ours.Contains)];
        return theirs.Count > mine.Count
            || (theirs.Count == mine.Count && string.CompareOrdinal(theirs.Min(StringComparer.Ordinal), mine.Min(StringComparer.Ordinal)) < 0);
    }
}
