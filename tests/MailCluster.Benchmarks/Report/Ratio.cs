namespace MailCluster.Benchmarks.Report;

/// <summary>Rounds of two servers compared pair by pair, since those two had the machine in the same state.</summary>
internal static class Ratio
{
    /// <summary>The median and the range; nothing where only one server was measured.</summary>
    public static string Of<T>(IReadOnlyCollection<T> ours, IReadOnlyCollection<T> theirs, Func<T, T, double> compare)
    {
        var pairs = ours.Zip(theirs, compare).ToArray();
        return pairs.Length == 0 ? "" : $"{Median.Of(pairs, r => r):0.00} ({pairs.Min():0.00} to {pairs.Max():0.00})";
    }
}
