namespace MailCluster.Node.Membership.Lease;

internal abstract record LeaseInput
{
    private LeaseInput()
    {
    }

    public sealed record Acquire : LeaseInput;

    public sealed record Release : LeaseInput;

    /// <summary>Comes with every interval while the lease is held.</summary>
    public sealed record Tick : LeaseInput;

    /// <param name="Operation">The number of the read or write; an answer to one that was given up says nothing.</param>
    public sealed record Answered(int Operation, LeaseAnswer Answer) : LeaseInput;
}
