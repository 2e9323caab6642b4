using System.Buffers;
using System.Text;

namespace MailCluster.Mail.Sasl;

/// <summary>client-first-message of RFC 5802 §7.</summary>
/// <param name="BindingFlag">gs2-cbind-flag: <c>n</c>, <c>y</c>, or <c>p=</c> with the type of channel binding.</param>
/// <param name="Gs2Header">Repeated in the second message, so that nobody can change it on the way.</param>
/// <param name="Bare">client-first-message-bare, which both sides sign.</param>
/// <param name="UserName">Decoded and prepared.</param>
/// <param name="Nonce">c-nonce.</param>
internal sealed record ScramClientFirst(string BindingFlag, string Gs2Header, string Bare, string UserName, string Nonce)
{
    /// <summary>RFC 5802 §5.1 sets no bound; clients send 18 to 36 characters.</summary>
    private const int MaxNonceLength = 256;

    private static readonly SearchValues<char> BindingNameChars =
        SearchValues.Create("-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>client-first-message = gs2-header client-first-message-bare</summary>
    public static bool TryParse(string message, out ScramClientFirst first)
    {
        first = null!;
        var flagEnd = message.IndexOf(',', StringComparison.Ordinal);
        var headerEnd = flagEnd < 0 ? 0 : message.IndexOf(',', flagEnd + 1) + 1;
        if (headerEnd == 0
            || !IsBindingFlag(message.AsSpan(0, flagEnd))
            || !TryReadBare(message.AsSpan(headerEnd), out var userName, out var nonce)
            || !MayActAs(message.AsSpan(flagEnd + 1, headerEnd - flagEnd - 2), userName))
        {
            return false;
        }

        first = new ScramClientFirst(
            message[..flagEnd], message[..headerEnd], message[headerEnd..], userName, nonce);
        return true;
    }

    /// <summary>"p=" cb-name / "n" / "y"; cb-name = 1*(ALPHA / DIGIT / "." / "-")</summary>
    private static bool IsBindingFlag(ReadOnlySpan<char> flag) =>
        flag is "n" or "y"
        || (flag.Length > 2 && flag.StartsWith("p=", StringComparison.Ordinal) && !flag[2..].ContainsAnyExcept(BindingNameChars));

    /// <summary>
    /// "n=" saslname "," "r=" c-nonce ["," extensions]; a mandatory extension "m=" comes first and is refused.
    /// </summary>
    private static bool TryReadBare(ReadOnlySpan<char> bare, out string userName, out string nonce)
    {
        userName = nonce = "";
        var comma = bare.IndexOf(',');
        if (comma < 0 || !bare.StartsWith("n=", StringComparison.Ordinal))
        {
            return false;
        }

        var rest = bare[(comma + 1)..];
        var nonceEnd = rest.IndexOf(',');
        var nonceField = nonceEnd < 0 ? rest : rest[..nonceEnd];
        if (!nonceField.StartsWith("r=", StringComparison.Ordinal)
            || nonceField.Length is <= 2 or > MaxNonceLength + 2
            || nonceField.ContainsAnyExceptInRange('!', '~')
            || !TryReadSaslName(bare[2..comma], out userName))
        {
            return false;
        }

        nonce = nonceField[2..].ToString();
        return true;
    }

    /// <summary>[ authzid ]: only the user's own name, since no user may act as another one here.</summary>
    private static bool MayActAs(ReadOnlySpan<char> authzid, string userName) =>
        authzid.IsEmpty
        || (authzid.StartsWith("a=", StringComparison.Ordinal)
            && TryReadSaslName(authzid[2..], out var name)
            && name == userName);

    /// <summary>saslname = 1*(value-safe-char / "=2C" / "=3D")</summary>
    private static bool TryReadSaslName(ReadOnlySpan<char> text, out string name)
    {
        name = "";
        var read = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '=')
            {
                read.Append(text[i]);
                continue;
            }

            var escape = text[i..];
            if (!escape.StartsWith("=2C", StringComparison.Ordinal)
                && !escape.StartsWith("=3D", StringComparison.Ordinal))
            {
                return false;
            }

            read.Append(escape[1] == '2' ? ',' : '=');
            i += 2;
        }

        return Encoding.UTF8.GetByteCount(text) <= SaslExchange.MaxUserNameLength
            && SaslPrep.TryPrepare(read.ToString(), out name)
            && name.Length > 0;
    }
}
