using System.IO.Compression;
using System.IO.Pipelines;
using System.Net;

namespace MailCluster.Actors.Connections.Compression;

/// <summary>
/// A connection whose octets are compressed both ways with DEFLATE (RFC 1951), as RFC 4978 has it: without any header, each
/// flush of ours a flush of the compressor. Decompressed octets are made as they are read and not ahead, so a small input
/// that would become a large one costs no memory. Takes some 300 KB outside of the collector's reach until it ends.
/// </summary>
internal sealed class DeflateTransport : IMailTransport
{
    /// <summary>As small as that of a connection under TLS.</summary>
    private static readonly StreamPipeReaderOptions ReaderOptions = new(bufferSize: 4096, minimumReadSize: 1024, leaveOpen: true);

    private static readonly StreamPipeWriterOptions WriterOptions = new(minimumBufferSize: 4096, leaveOpen: true);

    private readonly IMailTransport _plain;
    private readonly DetachableOutput _leaving;
    private readonly DeflateStream _inflater;
    private readonly DeflateStream _deflater;
    private int _closing;

    /// <param name="plain">All that was written to it is flushed; what it has not given yet is compressed.</param>
    public DeflateTransport(IMailTransport plain)
    {
        _plain = plain;
        _leaving = new DetachableOutput(plain.Output);
        _inflater = new DeflateStream(new DeflatePieces(plain.Input), CompressionMode.Decompress);
        _deflater = new DeflateStream(_leaving, CompressionLevel.Fastest); // RFC 4978 §4: text shrinks to a third all the same
        Input = PipeReader.Create(_inflater, ReaderOptions);
        Output = PipeWriter.Create(_deflater, WriterOptions);
    }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    public IPEndPoint LocalEndPoint => _plain.LocalEndPoint;

    public IPEndPoint RemoteEndPoint => _plain.RemoteEndPoint;

    public string? TlsDescription => _plain.TlsDescription;

    public System.Collections.Immutable.ImmutableArray<Mail.Sasl.ChannelBinding> ChannelBindings => _plain.ChannelBindings;

    public Task StartTlsAsync(CancellationToken cancellation) =>
        throw new InvalidOperationException("TLS begins before compression.");

    /// <summary>
    /// Ends it both ways, without a last block, as those who wait for none expect (RFC 8437 §4.1): what is written from now
    /// on, and what comes, is as it is. All is flushed, and nothing is being read. Octets that were decompressed and not
    /// used up are dropped.
    /// </summary>
    public IMailTransport Detach()
    {
        _leaving.Detach();
        Output.Complete();
        Input.Complete();
        _deflater.Dispose();
        _inflater.Dispose();
        return _plain;
    }

    public async Task CloseAsync()
    {
        if (Interlocked.Exchange(ref _closing, 1) != 0)
        {
            return;
        }

        try
        {
            await Output.CompleteAsync();
            await _deflater.DisposeAsync();
        }
        catch (Exception gone) when (gone is IOException or InvalidOperationException or OperationCanceledException)
        {
            _plain.Abort(); // The peer is gone already.
        }
        finally
        {
            _leaving.Detach();
            await _deflater.DisposeAsync();
            await _inflater.DisposeAsync();
            await _plain.CloseAsync();
        }
    }

    public void Abort() => _plain.Abort();
}
