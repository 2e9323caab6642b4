using MailCluster.Mail.Identity;

namespace MailCluster.Storage.Spool;

/// <summary>
/// The durable place of message bytes. A body is written once, by one writer, and then never changes. The queue holds
/// a body until it calls <see cref="ReleaseAsync"/>; mailboxes hold it by their rows. What nobody holds is deleted.
/// Safe for any number of threads.
/// </summary>
/// <exception cref="StorageException">Every member: the database failed; transient unless it says otherwise.</exception>
public interface ISpool
{
    /// <summary>Begins a body. Nothing is visible before <see cref="ISpoolWriter.CommitAsync"/>.</summary>
    ISpoolWriter Create(BodyId id);

    /// <summary>Opens a committed body for reading from its start, or null where there is none.</summary>
    Task<ISpoolReader?> OpenAsync(BodyId id, CancellationToken cancellation);

    /// <summary>
    /// The same of several at once, in their order; one that is named twice has two readers. Each keeps up to 64 KiB in
    /// memory, so that callers open few at a time.
    /// </summary>
    Task<IReadOnlyList<ISpoolReader?>> OpenAllAsync(IReadOnlyList<BodyId> ids, CancellationToken cancellation);

    /// <summary>The queue is done with these bodies: deletes those to which no mailbox refers. Unknown ids are ignored.</summary>
    Task ReleaseAsync(IReadOnlyCollection<BodyId> ids, CancellationToken cancellation);

    /// <summary>Bodies of one partition that the queue still holds, oldest first: those with no entry are orphans.</summary>
    Task<IReadOnlyList<BodyId>> ListHeldAsync(int partition, CancellationToken cancellation);

    /// <summary>
    /// Deletes chunks of bodies that were begun before <paramref name="before"/> and never committed, and bodies which
    /// neither the queue nor a mailbox holds any more (a crash between two steps). Returns how many bodies went.
    /// </summary>
    Task<int> SweepAsync(DateTimeOffset before, CancellationToken cancellation);
}
