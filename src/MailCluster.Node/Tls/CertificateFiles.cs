using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MailCluster.Node.Configuration;

namespace MailCluster.Node.Tls;

/// <summary>
/// Where a certificate is read from: PEM with its chain, its key in the same file or beside it; or PFX.
/// </summary>
internal sealed record CertificateFiles(string Certificate, string? Key, string? PasswordFile)
{
    /// <summary>Whether the exception tells of files that are missing, unreadable or nonsense.</summary>
    public static bool IsUnusable(Exception failed) =>
        failed is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException
            or ConfigurationException;

    /// <summary>Differs when a file was replaced or written to.</summary>
    public string Version() =>
        string.Join('|', new[] { Certificate, Key, PasswordFile }.OfType<string>().Select(VersionOf));

    public LoadedCertificate Load()
    {
        var password = PasswordFile is null ? null : SecretFile.Read(PasswordFile);
        var content = File.ReadAllBytes(Certificate);
        return content.AsSpan().IndexOf("-----BEGIN"u8) >= 0 ? LoadPem(password) : LoadPfx(content, password);
    }

    private LoadedCertificate LoadPem(string? password)
    {
        var certificates = File.ReadAllText(Certificate);
        var key = Key is null ? certificates : File.ReadAllText(Key);
        using var pair = password is null
            ? X509Certificate2.CreateFromPem(certificates, key)
            : X509Certificate2.CreateFromEncryptedPem(certificates, key, password);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(certificates);
        return new LoadedCertificate(Persist(pair), chain);
    }

    private static LoadedCertificate LoadPfx(byte[] content, string? password)
    {
        var all = X509CertificateLoader.LoadPkcs12Collection(content, password);
        var leaf = all.FirstOrDefault(certificate => certificate.HasPrivateKey)
            ?? throw new CryptographicException("the file has no private key");
        return new LoadedCertificate(leaf, all);
    }

    /// <summary>On Windows TLS takes no key that only lives in memory, as one from PEM does.</summary>
    private static X509Certificate2 Persist(X509Certificate2 pair) =>
        X509CertificateLoader.LoadPkcs12(pair.Export(X509ContentType.Pkcs12), password: null);

    private static string VersionOf(string path)
    {
        var file = new FileInfo(path);
        var length = file.Exists ? file.Length : -1;
        return string.Create(CultureInfo.InvariantCulture, $"{file.LastWriteTimeUtc.Ticks}:{length}");
    }
}

/// <summary>A certificate with its key, and those between it and its root.</summary>
internal sealed record LoadedCertificate(X509Certificate2 Leaf, X509Certificate2Collection Chain);
