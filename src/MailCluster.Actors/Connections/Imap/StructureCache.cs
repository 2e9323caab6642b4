using MailCluster.Mail.Identity;
using MailCluster.Mail.Structure;
using MailCluster.Storage.Mailboxes;
using MailCluster.Storage.Search;
using MailCluster.Storage.Spool;

namespace MailCluster.Actors.Connections.Imap;

/// <summary>
/// What stands in stored bodies: computed once from the octets, then kept in the store. Of the body alone, which several
/// mailboxes may hold. Safe for any number of threads; two that compute the same body do so harmlessly.
/// </summary>
public sealed class StructureCache(ISpool spool, IFolderReader folders, IFolderStore store)
{
    /// <summary>Null where the body is gone.</summary>
    /// <exception cref="Storage.StorageException">The database failed.</exception>
    public async Task<MessageStructure?> GetAsync(BodyId body, CancellationToken cancellation)
    {
        if (await folders.ReadStructureAsync(body, cancellation) is { } kept && StructureFormat.Read(kept) is { } known)
        {
            return known;
        }

        if (await spool.OpenAsync(body, cancellation) is not { } reader)
        {
            return null;
        }

        await using var stream = new SpoolStream(reader);
        var structure = await MessageStructureReader.ReadAsync(stream, cancellation: cancellation);
        await store.WriteStructureAsync(body, StructureFormat.Write(structure), cancellation);
        return structure;
    }
}
