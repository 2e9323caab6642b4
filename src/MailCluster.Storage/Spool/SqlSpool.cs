using MailCluster.Mail.Identity;
using MailCluster.Storage.Mailboxes;
using MailCluster.Storage.Sql;

namespace MailCluster.Storage.Spool;

/// <summary>
/// The spool in a database of its own; see <see cref="BodyState"/> for the states of a body.
/// </summary>
/// <remarks>
/// Who deletes a body that mailboxes refer to? Queue and mailboxes are in different databases, so no transaction sees
/// both. Two rules make it safe. A mailbox takes a body only while the queue holds it: once released, references only
/// go. And each side makes its own end known first and looks at the other side after that: a release marks the body and
/// then looks for references, an expunge removes its rows and then looks for the mark. Whoever is last sees that the
/// other is done, and deletes; if both see it, the second deletes nothing. A crash between the two steps leaves a body
/// that nobody needs, for <see cref="SweepAsync"/>.
/// </remarks>
internal sealed class SqlSpool(
    GroupWriter<SpoolChanges> writes,
    Reads<SpoolQueries> reads,
    BodyReferences references,
    RecentCache<BodyId, byte[]> recent) : ISpool
{
    /// <summary>Bodies in one step of a release or a sweep: no transaction may keep senders waiting for long.</summary>
    private const int LargestStep = 500;

    private const int BitsBelowPartition = 112;

    public ISpoolWriter Create(BodyId id) => new SqlSpoolWriter(id, writes, recent);

    public async Task<ISpoolReader?> OpenAsync(BodyId id, CancellationToken cancellation)
    {
        var body = recent.TryGet(id, out var octets)
            ? new OpenedBody(octets.Length, default, octets)
            : await reads.ReadAsync(id, static (queries, id) => queries.Open(id), cancellation).ConfigureAwait(false);
        return body is null ? null : new SqlSpoolReader(id, body, reads);
    }

    public async Task<IReadOnlyList<ISpoolReader?>> OpenAllAsync(IReadOnlyList<BodyId> ids, CancellationToken cancellation)
    {
        var bodies = new Dictionary<BodyId, OpenedBody>();
        var others = new HashSet<BodyId>();
        foreach (var id in ids)
        {
            if (recent.TryGet(id, out var octets))
            {
                bodies[id] = new OpenedBody(octets.Length, default, octets);
            }
            else
            {
                others.Add(id);
            }
        }

        if (others.Count > 0)
        {
            var found = await reads.ReadAsync(others, static (queries, sought) => queries.OpenAll(sought), cancellation)
                .ConfigureAwait(false);
            foreach (var (id, body) in found)
            {
                bodies[id] = body;
            }
        }

        return [.. ids.Select(id => bodies.TryGetValue(id, out var body) ? new SqlSpoolReader(id, body, reads) : null)];
    }

    public async Task ReleaseAsync(IReadOnlyCollection<BodyId> ids, CancellationToken cancellation)
    {
        foreach (var step in ids.Chunk(LargestStep))
        {
            await ReleaseStepAsync(step, cancellation).ConfigureAwait(false);
        }
    }

    public async Task<IReadOnlyList<BodyId>> ListHeldAsync(int partition, CancellationToken cancellation)
    {
        var first = (UInt128)(uint)partition << BitsBelowPartition;
        var last = first + ((UInt128.One << BitsBelowPartition) - 1);
        return await reads.ReadAsync(
            (First: new BodyId(first), Last: new BodyId(last)),
            static (queries, range) => queries.Held(range.First, range.Last),
            cancellation).ConfigureAwait(false);
    }

    public Task<int> SweepAsync(DateTimeOffset before, CancellationToken cancellation) =>
        Task.Run(() => SweepAllAsync(before, cancellation), cancellation); // Many queries: not on an actor's thread.

    /// <summary>Mailboxes no longer refer to these bodies: deletes those which nobody needs any more.</summary>
    public async Task DiscardAsync(IReadOnlyCollection<BodyId> ids, CancellationToken cancellation)
    {
        foreach (var step in ids.Chunk(LargestStep))
        {
            var referenced = await references.AmongAsync(step, cancellation).ConfigureAwait(false);
            var unneeded = referenced.Count == 0 ? step : step.Where(id => !referenced.Contains(id)).ToArray();
            await DeleteReleasedAsync(unneeded, cancellation).ConfigureAwait(false);
        }
    }

    private async Task ReleaseStepAsync(BodyId[] ids, CancellationToken cancellation)
    {
        // What has no reference now gets none later: it goes at once, in the same transaction that releases the others.
        var referenced = await references.AmongAsync(ids, cancellation).ConfigureAwait(false);
        Forget(ids);
        await writes.WriteAsync((ids, referenced), Release, cancellation).ConfigureAwait(false);
        if (referenced.Count > 0)
        {
            await DiscardAsync(referenced, cancellation).ConfigureAwait(false);
        }
    }

    private static bool Release(SpoolChanges changes, (BodyId[] Ids, HashSet<BodyId> Referenced) bodies)
    {
        foreach (var id in bodies.Ids)
        {
            if (bodies.Referenced.Contains(id))
            {
                changes.Release(id);
            }
            else
            {
                changes.DeleteComplete(id);
            }
        }

        return true;
    }

    private async Task DeleteReleasedAsync(BodyId[] ids, CancellationToken cancellation)
    {
        Forget(ids);
        if (ids.Length > 0)
        {
            await writes.WriteAsync(ids, DeleteReleased, cancellation).ConfigureAwait(false);
        }
    }

    private static int DeleteReleased(SpoolChanges changes, BodyId[] ids)
    {
        var deleted = 0;
        foreach (var id in ids)
        {
            deleted += changes.DeleteReleased(id) ? 1 : 0;
        }

        return deleted;
    }

    private async Task<int> SweepAllAsync(DateTimeOffset before, CancellationToken cancellation)
    {
        var swept = 0;
        var after = default(BodyId);
        while (true)
        {
            var bodies = await reads.ReadAsync(
                after, static (queries, id) => queries.NotHeld(id, LargestStep), cancellation).ConfigureAwait(false);
            if (bodies.Count == 0)
            {
                return swept;
            }

            swept += await SweepStepAsync(bodies, before, cancellation).ConfigureAwait(false);
            after = bodies[^1].Id;
        }
    }

    private async Task<int> SweepStepAsync(
        List<(BodyId Id, BodyState State)> bodies, DateTimeOffset before, CancellationToken cancellation)
    {
        var referenced = await references.BetweenAsync(bodies[0].Id, bodies[^1].Id, cancellation)
            .ConfigureAwait(false);
        var unneeded = bodies
            .Where(body => body.State == BodyState.Writing ? body.Id.CreatedAt < before : !referenced.Contains(body.Id))
            .ToArray();
        return unneeded.Length == 0
            ? 0
            : await writes.WriteAsync(unneeded, Sweep, cancellation).ConfigureAwait(false);
    }

    private static int Sweep(SpoolChanges changes, (BodyId Id, BodyState State)[] bodies)
    {
        var deleted = 0;
        foreach (var (id, state) in bodies)
        {
            var gone = state == BodyState.Writing ? changes.DeleteUnfinished(id) : changes.DeleteReleased(id);
            deleted += gone ? 1 : 0;
        }

        return deleted;
    }

    private void Forget(BodyId[] ids)
    {
        foreach (var id in ids)
        {
            recent.Remove(id);
        }
    }
}
