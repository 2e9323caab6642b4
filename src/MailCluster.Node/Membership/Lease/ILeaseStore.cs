namespace MailCluster.Node.Membership.Lease;

/// <summary>Where the one Lease of the cluster is. Neither throws but for a bug: trouble is an answer.</summary>
internal interface ILeaseStore
{
    Task<LeaseAnswer> ReadAsync(CancellationToken cancellation);

    /// <summary>Makes the Lease where the record has no version, else replaces that version.</summary>
    Task<LeaseAnswer> WriteAsync(LeaseRecord record, CancellationToken cancellation);
}
