using System.Net.Security;
using System.Security.Authentication;
using MailCluster.Node.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace MailCluster.Node.Tls;

/// <summary>
/// The certificate that listeners show: an operator's, or one that this server signed itself. Follows its files, which
/// renewal replaces while the node runs. Safe for any number of threads.
/// </summary>
internal sealed class ServerCertificate
{
    /// <summary>How old news of the files may be.</summary>
    public static readonly TimeSpan CheckInterval = TimeSpan.FromMinutes(1);

    private readonly CertificateFiles _files;
    private readonly SslProtocols _protocols;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _reload = new();

    // Guarded by _reload: what the files looked like when they were read, and when that was looked at.
    private string _version;
    private long _checkedAt;

    // Replaced as one; a handshake under way keeps the one it began with, so the old one is left to the collector.
    private volatile SslServerAuthenticationOptions _current;

    private ServerCertificate(CertificateFiles files, SslProtocols protocols, TimeProvider time, ILogger logger)
    {
        (_files, _protocols, _time, _logger) = (files, protocols, time, logger);
        _checkedAt = time.GetTimestamp();
        _version = files.Version();
        _current = ToOptions(files.Load());
    }

    /// <summary>
    /// Loads the configured certificate; without one, that of the data folder, which is made at the first start.
    /// </summary>
    /// <exception cref="ConfigurationException">The certificate cannot be used.</exception>
    public static ServerCertificate Load(TlsSection tls, NodeSection node, TimeProvider time, ILogger? logger = null)
    {
        var files = tls.Certificate is { } certificate
            ? new CertificateFiles(certificate, tls.Key, tls.PasswordFile)
            : new CertificateFiles(
                SelfSignedCertificate.Ensure(node.DataFolder, node.Hostname, time.GetUtcNow()), null, null);
        var protocols = tls.MinVersion == TlsVersion.Tls13
            ? SslProtocols.Tls13
            : SslProtocols.Tls12 | SslProtocols.Tls13;
        try
        {
            return new ServerCertificate(files, protocols, time, logger ?? NullLogger.Instance);
        }
        catch (Exception failed) when (CertificateFiles.IsUnusable(failed))
        {
            throw ConfigurationException.Of(
                "Tls:Certificate",
                files.Certificate,
                $"a certificate with its key, as PEM or PFX: {failed.Message.ReplaceLineEndings(" ")}");
        }
    }

    /// <summary>For the next handshake. Looks at the files at most once in <see cref="CheckInterval"/>.</summary>
    public SslServerAuthenticationOptions Current()
    {
        if (_time.GetElapsedTime(Volatile.Read(ref _checkedAt)) >= CheckInterval && _reload.TryEnter())
        {
            try
            {
                Volatile.Write(ref _checkedAt, _time.GetTimestamp());
                ReloadWhereChanged();
            }
            finally
            {
                _reload.Exit();
            }
        }

        return _current;
    }

    private void ReloadWhereChanged()
    {
        try
        {
            var version = _files.Version();
            if (version == _version)
            {
                return;
            }

            _current = ToOptions(_files.Load());
            _version = version;
            var leaf = _current.ServerCertificateContext!.TargetCertificate;
            _logger.CertificateReloaded(_files.Certificate, leaf.NotAfter);
        }
        catch (Exception failed) when (CertificateFiles.IsUnusable(failed))
        {
            // Half-written, perhaps: the old one serves until the next look.
            _logger.CertificateNotReloaded(_files.Certificate, failed.Message);
        }
    }

    private SslServerAuthenticationOptions ToOptions(LoadedCertificate loaded) => new()
    {
        // Offline: a handshake must not wait for some authority's server.
        ServerCertificateContext = SslStreamCertificateContext.Create(loaded.Leaf, loaded.Chain, offline: true),
        EnabledSslProtocols = _protocols,
        EncryptionPolicy = EncryptionPolicy.RequireEncryption,
    };
}
