using MailCluster.Faults.Cluster;
using MailCluster.Faults.Load;

namespace MailCluster.Faults;

/// <summary>What the run prints, and whether all held.</summary>
internal sealed class Report
{
    private const double Million = 1_000_000;

    public int Passed { get; private set; }

    public int Failed { get; private set; }

    public int Skipped { get; private set; }

    /// <summary>Figures, to be quoted.</summary>
    public List<string> Notes { get; } = [];

    public void Note(string line)
    {
        Notes.Add(line);
        Console.WriteLine($"# {line}");
    }

    public void Pass(string what)
    {
        Passed++;
        Console.WriteLine($"ok {what}");
    }

    public void Fail(string what)
    {
        Failed++;
        Console.WriteLine($"not ok {what}");
    }

    public void Skip(string what, string missing)
    {
        Skipped++;
        Console.WriteLine($"skipped {what}: {missing} is missing");
    }

    /// <exception cref="FaultException">Something was lost.</exception>
    public void Count(string scenario, Ledger ledger)
    {
        var lost = ledger.Lost();
        var duplicates = ledger.Duplicates();
        Note($"{scenario}: {ledger.Accepted} accepted, {lost.Length} lost, {ledger.Bounced} bounced, {duplicates} came twice "
            + $"({duplicates * Million / Math.Max(ledger.Accepted, 1):0} per million), longest wait for a 250 "
            + $"{ledger.LongestWaitOfAll.TotalSeconds:0.0} s");
        foreach (var (reply, times) in ledger.Refusals.OrderByDescending(refusal => refusal.Value))
        {
            Note($"{scenario}: senders heard {reply} {times} times");
        }

        if (lost.Length > 0)
        {
            throw new FaultException($"{lost.Length} messages lost, such as {string.Join(", ", lost.Take(5))}");
        }
    }
}
