namespace MailCluster.Mail.Sasl;

/// <summary>PLAIN (RFC 4616): <c>[authzid] NUL authcid NUL passwd</c> in one response.</summary>
internal sealed class PlainExchange : PasswordExchange
{
    private bool _received;

    public override string Mechanism => Plain;

    public override SaslStep Start() => new SaslStep.Challenge(ReadOnlyMemory<byte>.Empty);

    public override SaslStep Receive(ReadOnlySpan<byte> response)
    {
        var repeated = _received;
        _received = true;
        if (repeated
            || response.Length > (2 * MaxUserNameLength) + MaxPasswordLength + 2
            || !TrySplit(response, out var authzid, out var authcid, out var passwd)
            || !TryReadUserName(authcid, out var userName)
            || !TryReadText(passwd, MaxPasswordLength, out var password))
        {
            return SaslStep.Malformed;
        }

        // No user may act as another one here, so an authorization identity can only repeat the name.
        return authzid.IsEmpty || (TryReadUserName(authzid, out var actsAs) && actsAs == userName)
            ? Ask(userName, password)
            : SaslStep.WrongCredentials;
    }

    private static bool TrySplit(
        ReadOnlySpan<byte> response,
        out ReadOnlySpan<byte> authzid,
        out ReadOnlySpan<byte> authcid,
        out ReadOnlySpan<byte> passwd)
    {
        authzid = authcid = passwd = [];
        var first = response.IndexOf((byte)0);
        var second = first < 0 ? -1 : response[(first + 1)..].IndexOf((byte)0);
        if (second < 0)
        {
            return false;
        }

        authzid = response[..first];
        authcid = response.Slice(first + 1, second);
        passwd = response[(first + second + 2)..];
        return true;
    }
}
