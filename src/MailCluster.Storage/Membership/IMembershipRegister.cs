using System.Collections.Immutable;

namespace MailCluster.Storage.Membership;

/// <summary>
/// Where the nodes of a cluster sign in, in the database that they share. It decides who may found the cluster: at most
/// one node, and only while no member has been seen for <see cref="FreshFor"/>. All times are the database's.
/// Safe for any number of nodes.
/// </summary>
/// <exception cref="StorageException">Every member: the database failed.</exception>
public interface IMembershipRegister
{
    /// <summary>A member that has not confirmed itself for this long counts as gone.</summary>
    static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Returns the addresses of the members but this one; where there is none, makes this one a member in the same step:
    /// it may found the cluster.
    /// </summary>
    Task<ImmutableArray<string>> EnterAsync(string address, CancellationToken cancellation);

    /// <summary>This node is a member, and alive; said again well within <see cref="FreshFor"/>.</summary>
    Task ConfirmAsync(string address, CancellationToken cancellation);

    /// <summary>This node is no member any more.</summary>
    Task LeaveAsync(string address, CancellationToken cancellation);
}
