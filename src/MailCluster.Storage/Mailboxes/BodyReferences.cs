using MailCluster.Mail.Identity;
using MailCluster.Storage.Sql;

namespace MailCluster.Storage.Mailboxes;

/// <summary>Which bodies the mailboxes of all accounts refer to, as the spool asks.</summary>
internal sealed class BodyReferences(Reads<MailboxQueries> reads)
{
    /// <summary>Those of the given bodies to which at least one message refers.</summary>
    public Task<HashSet<BodyId>> AmongAsync(IReadOnlyCollection<BodyId> ids, CancellationToken cancellation) => reads.ReadAsync(
        ids,
        static (queries, ids) =>
        {
            var referenced = new HashSet<BodyId>();
            foreach (var id in ids)
            {
                if (queries.IsReferenced(id))
                {
                    referenced.Add(id);
                }
            }

            return referenced;
        },
        cancellation);

    /// <summary>All bodies of this range, its ends included, to which a message refers.</summary>
    public Task<HashSet<BodyId>> BetweenAsync(BodyId first, BodyId last, CancellationToken cancellation) => reads.ReadAsync(
        (first, last), static (queries, range) => queries.ReferencedBetween(range.first, range.last), cancellation);
}
