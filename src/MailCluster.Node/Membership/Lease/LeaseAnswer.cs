namespace MailCluster.Node.Membership.Lease;

/// <summary>What the API server said to a read or a write.</summary>
internal abstract record LeaseAnswer
{
    private LeaseAnswer()
    {
    }

    public sealed record Found(LeaseRecord Record) : LeaseAnswer;

    public sealed record Missing : LeaseAnswer;

    /// <param name="Record">With the version that the next write must name.</param>
    public sealed record Written(LeaseRecord Record) : LeaseAnswer;

    /// <summary>Somebody wrote in between (409): only another read tells who.</summary>
    public sealed record Conflict : LeaseAnswer;

    /// <summary>Nobody knows whether it was done.</summary>
    public sealed record Failed(string Reason) : LeaseAnswer;
}
