namespace MailCluster.Benchmarks.Report;

internal static class Median
{
    public static double Of<T>(IReadOnlyCollection<T> items, Func<T, double> figure)
    {
        var sorted = items.Select(figure).Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
