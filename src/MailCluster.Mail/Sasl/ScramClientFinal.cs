using System.Security.Cryptography;

namespace MailCluster.Mail.Sasl;

/// <summary>client-final-message of RFC 5802 §7.</summary>
/// <param name="ChannelBinding">The gs2-header again, decoded.</param>
/// <param name="Nonce">Both nonces, as the server sent them.</param>
/// <param name="WithoutProof">client-final-message-without-proof, which both sides sign.</param>
/// <param name="Proof">ClientProof, as many octets as the hash has.</param>
internal sealed record ScramClientFinal(byte[] ChannelBinding, string Nonce, string WithoutProof, byte[] Proof)
{
    /// <summary>"c=" base64 "," "r=" nonce ["," extensions] "," "p=" base64</summary>
    public static bool TryParse(string message, out ScramClientFinal final)
    {
        final = null!;
        var proofAt = message.LastIndexOf(",p=", StringComparison.Ordinal);
        if (proofAt < 0 || !message.StartsWith("c=", StringComparison.Ordinal))
        {
            return false;
        }

        var withoutProof = message[..proofAt];
        var bindingEnd = withoutProof.IndexOf(',', StringComparison.Ordinal);
        var nonceField = bindingEnd < 0 ? [] : withoutProof.AsSpan(bindingEnd + 1);
        var nonceEnd = nonceField.IndexOf(',');
        nonceField = nonceEnd < 0 ? nonceField : nonceField[..nonceEnd];
        if (!nonceField.StartsWith("r=", StringComparison.Ordinal)
            || !TryDecode(message.AsSpan(2, bindingEnd - 2), out var binding)
            || !TryDecode(message.AsSpan(proofAt + 3), out var proof)
            || proof.Length != SHA256.HashSizeInBytes)
        {
            return false;
        }

        final = new ScramClientFinal(binding, nonceField[2..].ToString(), withoutProof, proof);
        return true;
    }

    private static bool TryDecode(ReadOnlySpan<char> base64, out byte[] octets)
    {
        var buffer = new byte[base64.Length];
        var decoded = Convert.TryFromBase64Chars(base64, buffer, out var length);
        octets = buffer[..length];
        return decoded;
    }
}
