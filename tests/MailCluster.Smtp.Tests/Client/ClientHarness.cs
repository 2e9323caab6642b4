using System.Buffers;
using System.Text;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Envelopes;
using MailCluster.Smtp.Client;

namespace MailCluster.Smtp.Tests.Client;

/// <summary>A client session whose server is the test: it says replies, and reads what was written since.</summary>
internal sealed class ClientHarness
{
    private readonly ArrayBufferWriter<byte> _commands = new();
    private readonly int? _cut;

    public ClientHarness(SmtpClientOptions? options = null, int? cut = null)
    {
        _cut = cut;
        Session = new SmtpClientSession(options ?? Options());
    }

    public SmtpClientSession Session { get; }

    public List<TransactionResult> Results { get; } = [];

    public ClientEffect.Closed? Closed { get; private set; }

    /// <summary>What the host was asked for last, beside more octets.</summary>
    public ClientEffect? Asked { get; private set; }

    public static SmtpClientOptions Options(TlsPolicy tls = TlsPolicy.Opportunistic) =>
        new() { HeloName = DomainName.Parse("mail.hamburger.edu"), Tls = tls };

    public static OutboundMessage Message(params string[] recipients) => new()
    {
        ReversePath = new ReversePath(MailAddress.Parse("a@b.example")),
        Recipients = [.. recipients.Select(Recipient)],
        Size = 1000,
    };

    public static OutboundRecipient Recipient(string address) =>
        new(new ForwardPath(MailAddress.Parse(address)), DsnNotify.Unspecified, null);

    /// <summary>The server says so; returns what the client says to it.</summary>
    public string Say(string replies)
    {
        var octets = Encoding.Latin1.GetBytes(replies.ReplaceLineEndings("\r\n"));
        foreach (var piece in octets.Chunk(_cut ?? Math.Max(1, octets.Length)))
        {
            Feed(piece);
        }

        return TakeCommands();
    }

    public string Begin(OutboundMessage message)
    {
        Session.Begin(message);
        Feed([]);
        return TakeCommands();
    }

    public string Do(Action<SmtpClientSession> action)
    {
        action(Session);
        Feed([]);
        return TakeCommands();
    }

    public void Feed(byte[] octets)
    {
        var input = new ReadOnlySequence<byte>([.. _rest, .. octets]);
        while (true)
        {
            var effect = Session.Advance(ref input, _commands);
            switch (effect)
            {
                case ClientEffect.TransactionFinished finished:
                    Results.Add(finished.Result);
                    continue;
                case ClientEffect.Closed closed:
                    Closed ??= closed;
                    _rest = [];
                    return;
                default:
                    Asked = effect is ClientEffect.ReadMore ? Asked : effect;
                    _rest = input.ToArray();
                    return;
            }
        }
    }

    private byte[] _rest = [];

    private string TakeCommands()
    {
        var commands = Encoding.UTF8.GetString(_commands.WrittenSpan);
        _commands.ResetWrittenCount();
        return commands.ReplaceLineEndings("\n");
    }
}
