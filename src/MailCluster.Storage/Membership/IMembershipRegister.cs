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
    /// Returns the other nodes; where none of them is a member, makes this one a member in the same step: it may found
    /// the cluster.
    /// </summary>
    Task<KnownNodes> EnterAsync(string address, CancellationToken cancellation);

    /// <summary>
    /// This node is a member, and alive; said again well within <see cref="FreshFor"/>. Returns the other members.
    /// </summary>
    Task<ImmutableArray<string>> ConfirmAsync(string address, CancellationToken cancellation);

    /// <summary>This node is no member any more.</summary>
    Task LeaveAsync(string address, CancellationToken cancellation);
}

/// <summary>The other nodes in the register.</summary>
/// <param name="Members">Those that have confirmed themselves lately.</param>
/// <param name="Former">
/// Those that did so within the hour and have not signed out, the latest first: dead, or cut off from the database.
/// </param>
public sealed record KnownNodes(ImmutableArray<string> Members, ImmutableArray<string> Former);
