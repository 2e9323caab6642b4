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

/// <summary>
/// A host with the users bob and alice of hamburger.edu, that carries out every effect at once, and looks whether the
/// session asks for them in an order that makes sense.
/// </summary>
internal sealed class ScriptedHost
{
    public static readonly DateTimeOffset Now = new(2026, 11, 23, 3, 32, 28, TimeSpan.Zero);

    private static readonly Dictionary<string, ScramVerifier> Verifiers = DialogText.Passwords.ToDictionary(
        pair => pair.Key + "@hamburger.edu", pair => ScramVerifier.Create(pair.Value));

    private readonly ArrayBufferWriter<byte> _replies = new();
    private readonly ArrayBufferWriter<byte> _body = new();
    private readonly Dictionary<string, Queue<string>> _refusals = [];
    private readonly HashSet<string> _known = [.. Verifiers.Keys, "postmaster@hamburger.edu", "postmaster@mail.hamburger.edu"];
    private byte[] _pending = [];
    private int _opened;
    private bool _isOpen;

    public ScriptedHost(SmtpServerOptions options, bool secure, IEnumerable<string>? arrangements = null)
    {
        Session = new SmtpServerSession(
            options, new SmtpPeer(IPAddress.Parse("192.0.2.7"), 4711, MayRelay: false, secure, new SessionId(1)));
        foreach (var arrangement in arrangements ?? [])
        {
            Arrange(arrangement);
        }

        Session.Greet(_replies);
    }

    public SmtpServerSession Session { get; }

    public bool IsClosed { get; private set; }

    /// <summary>Envelope and body of what got its 250.</summary>
    public List<(Envelope Envelope, string Body)> Committed { get; } = [];

    public int Abandoned { get; private set; }

    /// <summary>How many pieces of content the session gave away.</summary>
    public int Writes { get; private set; }

    /// <summary>The largest of them.</summary>
    public int LargestWrite { get; private set; }

    /// <summary>Octets that the session has not used up, a measure of what a connection holds.</summary>
    public int PendingLength => _pending.Length;

    public string Replies => Encoding.UTF8.GetString(_replies.WrittenSpan);

    public void ForgetReplies() => _replies.ResetWrittenCount();

    public void Feed(ReadOnlySpan<byte> octets) => Feed(octets, static all => new ReadOnlySequence<byte>(all));

    /// <summary>Feeds octets that lie in memory as <paramref name="lay"/> puts them.</summary>
    public void Feed(ReadOnlySpan<byte> octets, Func<byte[], ReadOnlySequence<byte>> lay)
    {
        _pending = [.. _pending, .. octets];
        var input = lay(_pending);
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

    /// <summary>
    /// "CheckSender 550 5.1.8 text" refuses the next question of that kind; "CheckPassword fails" lets the store fail;
    /// "known a@b" makes a user, "known *" everybody.
    /// </summary>
    private void Arrange(string arrangement)
    {
        var words = arrangement.Split(' ', 2);
        if (words[0] == "known")
        {
            _known.Add(words[1]);
        }
        else if (!_refusals.TryAdd(words[0], new Queue<string>([words[1]])))
        {
            _refusals[words[0]].Enqueue(words[1]);
        }
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
                Session.Answer(Answer(effect, Refusal(effect)));
                break;
        }
    }

    private Reply? Refusal(SessionEffect effect)
    {
        if (!_refusals.TryGetValue(effect.GetType().Name, out var next) || !next.TryDequeue(out var text))
        {
            return null;
        }

        var words = text.Split(' ', 3);
        return words.Length < 3
            ? new Reply(ReplyCode.LocalError, null, text)
            : EnhancedStatusCode.TryRead(words[1], out var status, out _)
                ? new Reply(new ReplyCode(int.Parse(words[0], System.Globalization.CultureInfo.InvariantCulture)), status, words[2])
                : throw new InvalidOperationException($"No status code: {text}");
    }

    private EffectAnswer Answer(SessionEffect effect, Reply? refusal) => effect switch
    {
        SessionEffect.CheckSender check => new EffectAnswer.Verdict(refusal ?? CheckSender(check.ReversePath)),
        SessionEffect.CheckRecipient check => refusal is null
            ? Find(check.ForwardPath)
            : new EffectAnswer.Recipient([], refusal),
        SessionEffect.FindCredentials find => new EffectAnswer.Credentials(
            Account(find.UserName), Verifiers.GetValueOrDefault(find.UserName), refusal is not null),
        SessionEffect.CheckPassword check => new EffectAnswer.PasswordChecked(
            Verifiers.GetValueOrDefault(check.UserName)?.Matches(check.Password) == true ? Account(check.UserName) : null,
            refusal is not null),
        SessionEffect.OpenContent => Open(refusal),
        SessionEffect.WriteContent write => Write(write, refusal),
        SessionEffect.CommitMessage commit => Commit(commit, refusal),
        SessionEffect.AbandonContent => Abandon(),
        _ => throw new InvalidOperationException($"The host cannot answer {effect}."),
    };

    private static LoginAccount? Account(string name) =>
        Verifiers.ContainsKey(name) ? new LoginAccount(new AccountId(1), name) : null;

    private Reply CheckSender(ReversePath path) =>
        Session.Login is { } login && !path.IsNull && path.ToAddressText() != login.Address
            ? new Reply(ReplyCode.MailboxNameNotAllowed, EnhancedStatusCode.DeliveryNotAuthorized, "Sender address is not yours")
            : new Reply(ReplyCode.Ok, EnhancedStatusCode.SenderOk, "Sender ok");

    private EffectAnswer.Recipient Find(ForwardPath path)
    {
        var isLocal = path.Domain.Text.EndsWith("hamburger.edu", StringComparison.OrdinalIgnoreCase);
        Reply? refusal =
            isLocal && !_known.Contains("*") && !_known.Contains($"{path.Address.LocalPart}@{path.Domain.Text}".ToLowerInvariant())
                ? new(ReplyCode.MailboxUnavailable, EnhancedStatusCode.NoSuchMailbox, "No such user here")
            : !isLocal && Session.Login is null
                ? new(ReplyCode.TransactionFailed, EnhancedStatusCode.DeliveryNotAuthorized, "Relaying denied")
            : null;
        return new EffectAnswer.Recipient(
            refusal is null ? [new ResolvedRecipient(path, new DeliveryTarget.Mailbox(new AccountId(1), ""))] : [], refusal);
    }

    private EffectAnswer.ContentOpened Open(Reply? refusal)
    {
        Assert.False(_isOpen);
        _isOpen = refusal is null;
        _body.ResetWrittenCount();
        return new(new QueueId((UInt128)(ulong)++_opened), Now, refusal);
    }

    private EffectAnswer Write(SessionEffect.WriteContent write, Reply? refusal)
    {
        Assert.True(_isOpen && !write.Octets.IsEmpty);
        Writes++;
        LargestWrite = Math.Max(LargestWrite, write.Octets.Length);
        _body.Write(write.Octets.Span);
        return refusal is null ? EffectAnswer.Done.Instance : new EffectAnswer.Verdict(refusal);
    }

    private EffectAnswer.Verdict Commit(SessionEffect.CommitMessage commit, Reply? refusal)
    {
        Assert.True(_isOpen);
        _isOpen = false;
        if (refusal is null)
        {
            Committed.Add((commit.Envelope, Encoding.UTF8.GetString(_body.WrittenSpan)));
        }

        return new(refusal ?? new Reply(ReplyCode.Ok, EnhancedStatusCode.Ok, "Ok: queued"));
    }

    private EffectAnswer.Done Abandon()
    {
        Assert.True(_isOpen);
        _isOpen = false;
        Abandoned++;
        return EffectAnswer.Done.Instance;
    }
}
