using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;

namespace MailCluster.Mail.Sasl;

/// <summary>
/// SCRAM-SHA-256 (RFC 5802, RFC 7677), or SCRAM-SHA-256-PLUS, which is the same bound to its channel. The server's last message goes out as a challenge, which
/// the client acknowledges with an empty response, since neither SMTP nor POP3 carries data with success.
/// </summary>
internal sealed class ScramExchange : SaslExchange
{
    /// <summary>RFC 5802 sets no bound: user name, nonces, channel binding and proof fit in well.</summary>
    private const int MaxMessageLength = 2048;

    private const int NonceLength = 18;

    private readonly string _serverNonce;
    private readonly ImmutableArray<ChannelBinding> _bindings;
    private readonly bool _isBound;
    private Stage _stage = Stage.ClientFirst;
    private ScramClientFirst? _first;
    private ReadOnlyMemory<byte> _bindingData;
    private ScramVerifier? _verifier;
    private string _serverFirst = "";
    private bool _userKnown;

    /// <param name="bindings">What SCRAM-SHA-256-PLUS is offered with; none where it is not.</param>
    /// <param name="isBound">The client has chosen it.</param>
    public ScramExchange(ImmutableArray<ChannelBinding> bindings, bool isBound)
        : this(Convert.ToBase64String(RandomNumberGenerator.GetBytes(NonceLength)), bindings, isBound)
    {
    }

    internal ScramExchange(string serverNonce, ImmutableArray<ChannelBinding> bindings, bool isBound)
    {
        _serverNonce = serverNonce;
        _bindings = bindings;
        _isBound = isBound;
    }

    private enum Stage
    {
        ClientFirst,
        Verifier,
        ClientFinal,
        Acknowledgement,
        Over,
    }

    public override string Mechanism => _isBound ? ScramSha256Plus : ScramSha256;

    public override bool IsPlaintext => false;

    public override SaslStep Start() => new SaslStep.Challenge(ReadOnlyMemory<byte>.Empty);

    public override SaslStep Receive(ReadOnlySpan<byte> response)
    {
        var stage = _stage;
        _stage = Stage.Over;
        if (response.Length > MaxMessageLength || !Utf8.IsValid(response))
        {
            return SaslStep.Malformed;
        }

        return stage switch
        {
            Stage.ClientFirst => ReceiveFirst(Encoding.UTF8.GetString(response)),
            Stage.ClientFinal => ReceiveFinal(Encoding.UTF8.GetString(response)),
            Stage.Acknowledgement when response.IsEmpty => new SaslStep.Succeeded(_first!.UserName),
            _ => SaslStep.Malformed,
        };
    }

    public override SaslStep Resume(ScramVerifier? verifier)
    {
        if (_stage != Stage.Verifier || _first is null)
        {
            return base.Resume(verifier);
        }

        _stage = Stage.ClientFinal;
        _userKnown = verifier is not null;
        _verifier = verifier ?? ScramVerifier.Decoy(_first.UserName);
        var salt = Convert.ToBase64String(_verifier.Salt.AsSpan());
        _serverFirst = $"r={_first.Nonce}{_serverNonce},s={salt},i={_verifier.Iterations}";
        return new SaslStep.Challenge(Encoding.ASCII.GetBytes(_serverFirst));
    }

    private SaslStep ReceiveFirst(string message)
    {
        if (!ScramClientFirst.TryParse(message, out var first) || first.BindingFlag.StartsWith('p') != _isBound)
        {
            return SaslStep.Malformed;
        }

        if (!MayBindAs(first.BindingFlag))
        {
            return SaslStep.WrongCredentials;
        }

        _first = first;
        _stage = Stage.Verifier;
        return new SaslStep.NeedVerifier(first.UserName);
    }

    /// <summary>
    /// RFC 5802 §6. A client that says <c>y</c> did not see the -PLUS that was offered: somebody has cut it out of the list
    /// on the way. One that binds does it in a way that this channel has.
    /// </summary>
    private bool MayBindAs(string flag)
    {
        if (!_isBound)
        {
            return flag == "n" || _bindings.IsEmpty;
        }

        var found = _bindings.FirstOrDefault(binding => binding.Type == flag["p=".Length..]);
        _bindingData = found?.Data ?? default;
        return found is not null;
    }

    private SaslStep ReceiveFinal(string message)
    {
        if (!ScramClientFinal.TryParse(message, out var final) || final.Nonce != _first!.Nonce + _serverNonce)
        {
            return SaslStep.Malformed;
        }

        byte[] expected = [.. Encoding.UTF8.GetBytes(_first.Gs2Header), .. _bindingData.Span]; // cbind-input
        if (!final.ChannelBinding.AsSpan().SequenceEqual(expected))
        {
            return _isBound ? SaslStep.WrongCredentials : SaslStep.Malformed; // another channel than this one
        }

        var signed = Encoding.UTF8.GetBytes($"{_first.Bare},{_serverFirst},{final.WithoutProof}");
        if (!ProofFits(signed, final.Proof) || !_userKnown)
        {
            return SaslStep.WrongCredentials;
        }

        _stage = Stage.Acknowledgement;
        var signature = HMACSHA256.HashData(_verifier!.ServerKey.AsSpan(), signed);
        return new SaslStep.Challenge(Encoding.ASCII.GetBytes($"v={Convert.ToBase64String(signature)}"));
    }

    /// <summary>RFC 5802 §3: ClientProof XOR ClientSignature is the ClientKey, whose hash is the StoredKey.</summary>
    private bool ProofFits(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> proof)
    {
        Span<byte> key = stackalloc byte[SHA256.HashSizeInBytes];
        HMACSHA256.HashData(_verifier!.StoredKey.AsSpan(), signed, key);
        for (var i = 0; i < key.Length; i++)
        {
            key[i] ^= proof[i];
        }

        SHA256.HashData(key, key);
        return CryptographicOperations.FixedTimeEquals(key, _verifier.StoredKey.AsSpan());
    }
}
