using System.Collections.Immutable;
using System.Formats.Asn1;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Authentication.ExtendedProtection;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SaslChannelBinding = MailCluster.Mail.Sasl.ChannelBinding;

namespace MailCluster.Node.Tls;

/// <summary>
/// What the logins of a connection can be bound to. Not tls-exporter (RFC 9266): the runtime's TLS gives away no keying
/// material.
/// </summary>
internal static class TlsChannelBindings
{
    private static readonly byte[] UniquePrefix = "tls-unique:"u8.ToArray();

    /// <param name="stream">After its handshake.</param>
    /// <param name="certificate">The one that was shown.</param>
    public static ImmutableArray<SaslChannelBinding> Of(SslStream stream, X509Certificate2 certificate)
    {
        var bindings = ImmutableArray.CreateBuilder<SaslChannelBinding>(2);
        if (ServerEndPoint(certificate) is { } hash)
        {
            bindings.Add(new SaslChannelBinding(SaslChannelBinding.ServerEndPoint, hash));
        }

        if (stream.SslProtocol == SslProtocols.Tls12 && Unique(stream) is { } finished)
        {
            bindings.Add(new SaslChannelBinding(SaslChannelBinding.Unique, finished));
        }

        return bindings.DrainToImmutable();
    }

    /// <summary>
    /// RFC 5929 §4.1: with the hash that its signature uses, SHA-256 instead of what is broken. Null where the signature
    /// uses none of its own, as EdDSA, for which nothing is defined.
    /// </summary>
    public static byte[]? ServerEndPoint(X509Certificate2 certificate) => SignatureHash(certificate) is { } algorithm
        ? CryptographicOperations.HashData(algorithm, certificate.RawData)
        : null;

    private static HashAlgorithmName? SignatureHash(X509Certificate2 certificate) =>
        certificate.SignatureAlgorithm.Value switch
        {
            "1.2.840.113549.1.1.10" => PssHash(certificate.RawData),
            "1.2.840.113549.1.1.4" or "1.2.840.113549.1.1.5" or "1.2.840.113549.1.1.11" => HashAlgorithmName.SHA256, // RSA
            "1.2.840.113549.1.1.12" => HashAlgorithmName.SHA384,
            "1.2.840.113549.1.1.13" => HashAlgorithmName.SHA512,
            "1.2.840.10045.4.1" or "1.2.840.10045.4.3.2" => HashAlgorithmName.SHA256, // ECDSA
            "1.2.840.10045.4.3.3" => HashAlgorithmName.SHA384,
            "1.2.840.10045.4.3.4" => HashAlgorithmName.SHA512,
            _ => null,
        };

    /// <summary>RSASSA-PSS names its hash in its parameters, SHA-1 where it names none.</summary>
    private static HashAlgorithmName? PssHash(byte[] certificate)
    {
        var fields = new AsnReader(certificate, AsnEncodingRules.DER).ReadSequence();
        fields.ReadEncodedValue(); // tbsCertificate
        var algorithm = fields.ReadSequence();
        algorithm.ReadObjectIdentifier();
        var parameters = algorithm.ReadSequence();
        var hashTag = new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true);
        if (!parameters.HasData || !parameters.PeekTag().HasSameClassAndValue(hashTag))
        {
            return HashAlgorithmName.SHA256;
        }

        return parameters.ReadSequence(hashTag).ReadSequence().ReadObjectIdentifier() switch
        {
            "1.3.14.3.2.26" or "2.16.840.1.101.3.4.2.1" => HashAlgorithmName.SHA256,
            "2.16.840.1.101.3.4.2.2" => HashAlgorithmName.SHA384,
            "2.16.840.1.101.3.4.2.3" => HashAlgorithmName.SHA512,
            _ => null,
        };
    }

    /// <summary>The octets behind the name, before which the runtime puts what only Windows has a use for.</summary>
    private static byte[]? Unique(SslStream stream)
    {
        using var token = stream.TransportContext.GetChannelBinding(ChannelBindingKind.Unique);
        if (token is null || token.IsInvalid)
        {
            return null;
        }

        var octets = new byte[token.Size];
        System.Runtime.InteropServices.Marshal.Copy(token.DangerousGetHandle(), octets, 0, octets.Length);
        var name = octets.AsSpan().IndexOf(UniquePrefix);
        return name < 0 || octets.Length == name + UniquePrefix.Length ? null : octets[(name + UniquePrefix.Length)..];
    }
}
