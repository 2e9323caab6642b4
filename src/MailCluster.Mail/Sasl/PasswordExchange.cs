using System.Text;
using System.Text.Unicode;

namespace MailCluster.Mail.Sasl;

/// <summary>What PLAIN and LOGIN share: the client shows its password, the host checks it.</summary>
internal abstract class PasswordExchange : SaslExchange
{
    private string? _asked;

    public sealed override bool IsPlaintext => true;

    public sealed override SaslStep Resume(bool passwordRight)
    {
        var userName = _asked ?? throw new InvalidOperationException($"{Mechanism} asked for no password check.");
        _asked = null;
        return passwordRight ? new SaslStep.Succeeded(userName) : SaslStep.WrongCredentials;
    }

    protected SaslStep Ask(string userName, string password)
    {
        _asked = userName;
        return new SaslStep.NeedPassword(userName, password);
    }

    protected static bool TryReadUserName(ReadOnlySpan<byte> octets, out string userName) =>
        TryReadText(octets, MaxUserNameLength, out userName)
        && SaslPrep.TryPrepare(userName, out userName)
        && userName.Length > 0;

    /// <summary>1*SAFE of RFC 4616 §2: UTF-8 without NUL.</summary>
    protected static bool TryReadText(ReadOnlySpan<byte> octets, int maxLength, out string text)
    {
        var fits = octets.Length > 0 && octets.Length <= maxLength;
        var valid = fits && !octets.Contains((byte)0) && Utf8.IsValid(octets);
        text = valid ? Encoding.UTF8.GetString(octets) : "";
        return valid;
    }
}
