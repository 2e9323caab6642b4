using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;

namespace MailCluster.Node.Listeners;

/// <summary>What both kinds of transport do to put a stream under TLS.</summary>
internal static class TlsUpgrade
{
    /// <summary>Smaller than the pipe's default: an idle TLS session should not hold a page for a command line.</summary>
    private static readonly StreamPipeReaderOptions ReaderOptions = new(bufferSize: 4096, minimumReadSize: 1024, leaveOpen: true);

    private static readonly StreamPipeWriterOptions WriterOptions = new(minimumBufferSize: 4096, leaveOpen: true);

    public static SslStream ServerStream(Stream plain) => new(plain, leaveInnerStreamOpen: true);

    public static PipeReader Reader(Stream stream) => PipeReader.Create(stream, ReaderOptions);

    public static PipeWriter Writer(Stream stream) => PipeWriter.Create(stream, WriterOptions);

    /// <summary>Such as <c>TLS1.3 TLS_AES_256_GCM_SHA384</c>, for trace headers and logs.</summary>
    public static string Describe(SslStream stream)
    {
        var version = stream.SslProtocol switch
        {
            SslProtocols.Tls12 => "TLS1.2",
            SslProtocols.Tls13 => "TLS1.3",
            var other => other.ToString(),
        };
        return $"{version} {stream.NegotiatedCipherSuite}";
    }
}
