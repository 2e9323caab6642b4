using System.Buffers;
using System.Net;
using System.Text;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Envelopes;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Replies;
using MailCluster.Mail.Sasl;
using MailCluster.Smtp.Server;

namespace MailCluster.Smtp.Tests.Server;

/// <summary>A host with two users, bob and alice of hamburger.edu, that carries out every effect at once.</summary>
internal sealed class ScriptedHost
{
    public static readonly DateTimeOffset Now = new(2026, 11, 23, 3, 32, 28, TimeSpan.Zero);

    private static readonly ScramVerifier Verifier = ScramVerifier.Create("secret");

    private readonly ArrayBufferWriter<byte> _replies = new();
    private readonly ArrayBufferWriter<byte> _body = new();
    private byte[] _pending = [];
    private int _opened;

    public ScriptedHost(SmtpServerOptions options, bool secure)
    {
        Session = new SmtpServerSession(
            options, new SmtpPeer(IPAddress.Parse("192.0.2.7"), 4711, MayRelay: false, secure, new SessionId(1)));
        Session.Greet(_replies);
    }

    public SmtpServerSession Session { get; }

    public bool IsClosed { get; private set; }

    public List<(Envelope Envelope, string Body)> Committed { get; } = [];

    public int Abandoned { get; private set; }

    /// <summary>Octets that the session has not used up, a measure of what a connection holds.</summary>
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

            CarryOut(effect, ref input);
        }

        _pending = input.ToArray();
    }

    private void CarryOut(SessionEffect effect, ref ReadOnlySequence<byte> input)
    {
        switch (effect)
        {
            case SessionEffect.Close:
                IsClosed = true;
                break;
            case SessionEffect.StartTls:
                input = default; // RFC 3207 §4.2: what came with the command is dropped
                Session.TlsStarted("TLS1.3 TEST");
                break;
            default:
                Session.Answer(Answer(effect));
                break;
        }
    }

    private EffectAnswer Answer(SessionEffect effect) => effect switch
    {
        SessionEffect.CheckSender => new EffectAnswer.Verdict(
            new Reply(ReplyCode.Ok, EnhancedStatusCode.SenderOk, "Sender ok")),
        SessionEffect.CheckRecipient check => Find(check.ForwardPath),
        SessionEffect.FindCredentials find => IsUser(find.UserName)
            ? new EffectAnswer.Credentials(new LoginAccount(new AccountId(1), find.UserName), Verifier, false)
            : new EffectAnswer.Credentials(null, null, false),
        SessionEffect.CheckPassword check => new EffectAnswer.PasswordChecked(
            IsUser(check.UserName) && check.Password == "secret" ? new LoginAccount(new AccountId(1), check.UserName) : null, false),
        SessionEffect.OpenContent => Open(),
        SessionEffect.WriteContent write => Write(write),
        SessionEffect.CommitMessage commit => Commit(commit),
        SessionEffect.AbandonContent => Abandon(),
        _ => throw new InvalidOperationException($"The host cannot answer {effect}."),
    };

    private static bool IsUser(string name) => name is "bob@hamburger.edu" or "alice@hamburger.edu";

    private EffectAnswer.Recipient Find(ForwardPath path) =>
        path.Domain.Text is "hamburger.edu" or "mail.hamburger.edu" && path.Address.LocalPart is "bob" or "alice" or "postmaster" or "bücher"
            ? new([new ResolvedRecipient(path, new DeliveryTarget.Mailbox(new AccountId(1), ""))], null)
        : path.Address.LocalPart == "many" ? new([new ResolvedRecipient(path, new DeliveryTarget.Mailbox(new AccountId(2), ""))], null)
        : path.Domain.Text == "hamburger.edu"
            ? new([], new Reply(ReplyCode.MailboxUnavailable, EnhancedStatusCode.NoSuchMailbox, "No such user here"))
        : Session.Login is not null ? new([new ResolvedRecipient(path, new DeliveryTarget.Remote(path.Domain))], null)
        : new([], new Reply(ReplyCode.TransactionFailed, EnhancedStatusCode.DeliveryNotAuthorized, "Relaying denied"));

    private EffectAnswer.ContentOpened Open()
    {
        _body.ResetWrittenCount();
        return new(new QueueId((UInt128)(ulong)++_opened), Now, null);
    }

    private EffectAnswer.Done Write(SessionEffect.WriteContent write)
    {
        _body.Write(write.Octets.Span);
        return EffectAnswer.Done.Instance;
    }

    private EffectAnswer.Verdict Commit(SessionEffect.CommitMessage commit)
    {
        Committed.Add((commit.Envelope, Encoding.UTF8.GetString(_body.WrittenSpan)));
        return new(new Reply(ReplyCode.Ok, EnhancedStatusCode.Ok, "Ok: queued"));
    }

    private EffectAnswer.Done Abandon()
    {
        Abandoned++;
        return EffectAnswer.Done.Instance;
    }
}
