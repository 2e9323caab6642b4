using System.Globalization;

namespace MailCluster.Benchmarks.Load;

/// <summary>What is sent in one round: messages of so many octets over so many sessions at once.</summary>
internal sealed record MailLoad(int Octets, int Sessions, int Messages)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Octets / 1024} KiB, {Sessions} sessions");
}
