using System.Buffers;
using MailCluster.Imap.Sessions;
using MailCluster.Mail.Headers;
using MailCluster.Mail.Identity;
using MailCluster.Storage;
using MailCluster.Storage.Spool;

namespace MailCluster.Actors.Connections.Imap;

/// <summary>
/// Messages of one APPEND on their way into the spool. A durable body is held until <see cref="ReleaseAsync()"/>, whether a
/// mailbox took it or not; where the node dies before that, or nobody knows whether it did, its partition finds that no
/// entry needs it, and lets it go.
/// Used by one connection.
/// </summary>
internal sealed class BodySpooler(ISpool spool, int partitions, TimeProvider time) : IAsyncDisposable
{
    private readonly List<BodyId> _held = [];
    private ISpoolWriter? _writer;
    private EightBitHeader _header = new();
    private BodyId _body;

    public void Begin()
    {
        _body = QueueId.New(Random.Shared.Next(partitions), time.GetUtcNow()).Body;
        _writer = spool.Create(_body);
        _header = new EightBitHeader();
    }

    public async Task<EffectAnswer> WriteAsync(ReadOnlySequence<byte> octets, CancellationToken cancellation)
    {
        try
        {
            foreach (var piece in octets)
            {
                _header.Read(piece.Span);
                await _writer!.WriteAsync(piece, cancellation);
            }

            return EffectAnswer.Done.Instance;
        }
        catch (StorageException)
        {
            return EffectAnswer.StoreFailed.Instance;
        }
    }

    public async Task<EffectAnswer> EndAsync(CancellationToken cancellation)
    {
        try
        {
            await using var writer = _writer!;
            _writer = null;
            await writer.CommitAsync(cancellation);
            _held.Add(_body);
            return new EffectAnswer.BodyStored(_body, writer.Length, _header.IsFound);
        }
        catch (StorageException)
        {
            return EffectAnswer.StoreFailed.Instance;
        }
    }

    /// <summary>The mailbox holds what it took: the rest goes. A failure is made good by the partition's own check.</summary>
    public async Task ReleaseAsync()
    {
        await DropAsync();
        await ReleaseAsync(Take());
    }

    /// <summary>The durable bodies, which are the caller's to release from now on.</summary>
    public IReadOnlyCollection<BodyId> Take()
    {
        BodyId[] bodies = [.. _held];
        _held.Clear();
        return bodies;
    }

    /// <summary>The mailbox holds what it took of these.</summary>
    public async Task ReleaseAsync(IReadOnlyCollection<BodyId> bodies)
    {
        if (bodies.Count == 0)
        {
            return;
        }

        try
        {
            await spool.ReleaseAsync(bodies, CancellationToken.None);
        }
        catch (StorageException)
        {
            // The orphan check of the partition does it later.
        }
    }

    /// <summary>
    /// A mailbox may still take them: nobody here can tell. What it does not take its partition finds and lets go.
    /// </summary>
    public void Leave() => _held.Clear();

    public async ValueTask DisposeAsync() => await ReleaseAsync();

    private async Task DropAsync()
    {
        if (_writer is { } writer)
        {
            _writer = null;
            await writer.DisposeAsync();
        }
    }
}
