using System.Buffers;
using System.Net;
using System.Text;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Sasl;

namespace MailCluster.Pop3.Tests;

/// <summary>A host with bob's maildrop of three messages, that carries out every effect at once.</summary>
internal sealed class ScriptedHost
{
    public static readonly string[] Messages =
    [
        "Subject: one\r\n\r\nbody of one\r\n",
        "Subject: two\r\n\r\n.dot\r\n..dots\r\nlast",
        "Subject: three\r\n\r\nline 1\r\nline 2\r\nline 3\r\n",
    ];

    private static readonly ScramVerifier Verifier = ScramVerifier.Create("secret");

    private readonly ArrayBufferWriter<byte> _replies = new();
    private byte[] _pending = [];

    public ScriptedHost(
        bool plaintext = true, bool secure = false, MaildropRefusal? refusal = null, bool tls = true)
    {
        Refusal = refusal;
        Session = new Pop3Session(
            new Pop3Options
            {
                Hostname = DomainName.Parse("mail.hamburger.edu"),
                TlsAvailable = tls,
                PlaintextAllowed = plaintext,
                MaxErrors = 50,
            },
            new Pop3Peer(IPAddress.Loopback, 4711, secure, new SessionId(1)));
        Session.Greet(_replies);
    }

    public Pop3Session Session { get; }

    public bool IsClosed { get; private set; }

    public List<uint> Expunged { get; } = [];

    public MaildropRefusal? Refusal { get; }

    public SendOutcome? SendFailure { get; set; }

    public int PendingLength => _pending.Length;

    public string Replies => Encoding.UTF8.GetString(_replies.WrittenSpan);

    public void ForgetReplies() => _replies.ResetWrittenCount();

    public void Feed(ReadOnlySpan<byte> octets)
    {
        _pending = [.. _pending, .. octets];
        var input = new ReadOnlySequence<byte>(_pending);
        while (!IsClosed)
        {
            var effect = Session.Advance(ref input, _replies);
            if (effect is SessionEffect.ReadMore)
            {
                break;
            }

            if (effect is SessionEffect.Close)
            {
                IsClosed = true;
                break;
            }

            input = effect is SessionEffect.StartTls ? default : input;
            Session.Answer(Answer(effect));
        }

        _pending = input.ToArray();
    }

    private EffectAnswer Answer(SessionEffect effect) => effect switch
    {
        SessionEffect.FindCredentials find => new EffectAnswer.Credentials(Find(find.UserName), IsBob(find.UserName) ? Verifier : null, false),
        SessionEffect.CheckPassword check => new EffectAnswer.PasswordChecked(
            check.Password == "secret" ? Find(check.UserName) : null, false),
        SessionEffect.OpenMaildrop => Refusal is { } refusal
            ? new EffectAnswer.MaildropOpened([], refusal)
            : new EffectAnswer.MaildropOpened(
                [.. Messages.Select((m, i) => new MaildropMessage((uint)i + 10, m.Length, $"uid-{i + 10}"))], null),
        SessionEffect.SendMessage send => Send(send),
        SessionEffect.Expunge expunge => Expunge(expunge),
        _ => EffectAnswer.Done.Instance,
    };

    private static bool IsBob(string name) => name == "bob@hamburger.edu";

    private static LoginAccount? Find(string name) => IsBob(name) ? new LoginAccount(new AccountId(1), name) : null;

    private EffectAnswer.MessageSent Send(SessionEffect.SendMessage send)
    {
        if (SendFailure is { } failure)
        {
            return new(failure);
        }

        // In pieces of three octets: the encoder must not care.
        foreach (var piece in Encoding.ASCII.GetBytes(Messages[send.Message.Uid - 10]).Chunk(3))
        {
            if (!send.Encoder.IsSatisfied)
            {
                send.Encoder.Encode(piece, _replies);
            }
        }

        send.Encoder.Finish(_replies);
        return new(SendOutcome.Sent);
    }

    private EffectAnswer.Expunged Expunge(SessionEffect.Expunge expunge)
    {
        Expunged.AddRange(expunge.Messages.Select(m => m.Uid));
        return new(All: true);
    }
}
