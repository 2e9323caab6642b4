namespace MailCluster.Mail.Sasl;

/// <summary>
/// LOGIN, which no RFC describes and old clients speak: user name, then password, each after a prompt. Some send the
/// user name as initial response, which then answers the first prompt.
/// </summary>
internal sealed class LoginExchange : PasswordExchange
{
    // The prompts are what every server sends; some clients compare them.
    private static readonly SaslStep UserNamePrompt = new SaslStep.Challenge("Username:"u8.ToArray());
    private static readonly SaslStep PasswordPrompt = new SaslStep.Challenge("Password:"u8.ToArray());

    private string? _userName;
    private bool _over;

    public override string Mechanism => Login;

    public override SaslStep Start() => UserNamePrompt;

    public override SaslStep Receive(ReadOnlySpan<byte> response)
    {
        if (_over)
        {
            return SaslStep.Malformed;
        }

        if (_userName is null)
        {
            _over = !TryReadUserName(response, out var userName);
            _userName = userName;
            return _over ? SaslStep.Malformed : PasswordPrompt;
        }

        _over = true;
        return TryReadText(response, MaxPasswordLength, out var password)
            ? Ask(_userName, password)
            : SaslStep.Malformed;
    }
}
