namespace MailCluster.Node.Membership;

/// <summary>Whether this node can do its work. Safe for any number of threads.</summary>
internal interface IReadiness
{
    /// <summary>Null where it can; else why not, in words for an operator. Never takes longer than a probe waits.</summary>
    Task<string?> FindTroubleAsync(CancellationToken cancellation);
}
