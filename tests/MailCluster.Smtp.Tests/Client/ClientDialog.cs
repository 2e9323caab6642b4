using System.Buffers;
using System.Text;
using MailCluster.Mail.Addresses;
using MailCluster.Smtp.Client;

namespace MailCluster.Smtp.Tests.Client;

/// <summary>
/// A dialogue from the client's view, from a text file, line by line:
/// <code>
/// S: a line of the server, CRLF is added           N: a line of the server that ends with a bare LF
/// C: what the client has to say, exactly           = what it has to tell its host, see Tell
/// &gt; what the host does, see Act                    @ an option of the client
/// </code>
/// Server lines that follow each other come together. At each of them all that the client said and told before must
/// have been expected.
/// </summary>
internal sealed class ClientDialog
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Client", "Dialogs");

    private readonly string _name;
    private readonly Func<byte[], IEnumerable<byte[]>> _cut;
    private readonly Queue<string> _heard = [];
    private readonly ArrayBufferWriter<byte> _commands = new();
    private readonly StringBuilder _server = new();
    private SmtpClientOptions _options = ClientHarness.Options();
    private SmtpClientSession? _session;
    private byte[] _rest = [];
    private bool _toldReady;
    private bool _shakesHands;

    private ClientDialog(string name, Func<byte[], IEnumerable<byte[]>> cut)
    {
        _name = name;
        _cut = cut;
    }

    public static TheoryData<string> Names =>
        [.. Directory.EnumerateFiles(Folder, "*.txt").Select(f => Path.GetFileNameWithoutExtension(f)!).Order()];

    private SmtpClientSession Session => _session ??= new SmtpClientSession(_options);

    /// <summary>Runs the file; <paramref name="cut"/> says in which pieces the server's octets come.</summary>
    public static void Run(string name, Func<byte[], IEnumerable<byte[]>> cut)
    {
        var dialog = new ClientDialog(name, cut);
        foreach (var line in File.ReadLines(Path.Combine(Folder, name + ".txt")))
        {
            dialog.Take(line);
        }

        dialog.SayAll();
        dialog.AssertAllHeard("the end");
    }

    private void Take(string line)
    {
        switch (line.Length > 1 ? line[..2] : line)
        {
            case "S:":
                Say(line[3..] + "\r\n", line);
                break;
            case "N:":
                Say(line[3..] + "\n", line);
                break;
            case "> ":
                SayAll();
                AssertAllHeard(line);
                Act(line[2..].Split(' '));
                break;
            case "C:" or "= ":
                SayAll();
                Assert.True(_heard.TryDequeue(out var heard), $"{_name}: nothing heard, expected {line}");
                Assert.True(heard == line, $"{_name}: expected\n{line}\nbut was\n{heard}");
                break;
            case "@ ":
                _options = Set(_options, line[2..].Split('='));
                break;
            default:
                Assert.True(line.StartsWith("# ", StringComparison.Ordinal), $"{_name}: what is {line}?");
                break;
        }
    }

    private void Say(string octets, string line)
    {
        AssertAllHeard(line);
        _server.Append(octets);
    }

    private void SayAll()
    {
        var octets = Encoding.Latin1.GetBytes(_server.ToString());
        _server.Clear();
        foreach (var piece in _cut(octets))
        {
            // The host drops what comes in plaintext behind the reply to STARTTLS.
            if (!_shakesHands)
            {
                Feed(piece);
            }
        }
    }

    private void AssertAllHeard(string where) =>
        Assert.True(_heard.Count == 0, $"{_name}: not expected before {where}:\n{string.Join('\n', _heard)}");

    private void Act(string[] words)
    {
        _toldReady = false;
        switch (words)
        {
            case ["begin", .. var message]:
                Session.Begin(MessageText.Read(message));
                break;
            case ["sent"]:
                Session.ContentSent();
                break;
            case ["tls"]:
                _shakesHands = false;
                Session.TlsStarted();
                break;
            case ["notls"]:
                Session.TlsFailed("handshake failed");
                break;
            case ["lost"]:
                Session.ConnectionLost("reset by peer");
                break;
            case ["quit"]:
                Session.Quit();
                break;
            default:
                throw new InvalidOperationException($"{_name}: the host cannot {string.Join(' ', words)}");
        }

        Feed([]);
    }

    private void Feed(byte[] octets)
    {
        var input = new ReadOnlySequence<byte>([.. _rest, .. octets]);
        ClientEffect effect;
        do
        {
            effect = Session.Advance(ref input, _commands);
            foreach (var command in Encoding.UTF8.GetString(_commands.WrittenSpan).Split("\r\n")[..^1])
            {
                _heard.Enqueue($"C: {command}");
            }

            _commands.ResetWrittenCount();
            Tell(effect);
        }
        while (effect is ClientEffect.TransactionFinished);
        _rest = input.ToArray();
    }

    private void Tell(ClientEffect effect)
    {
        switch (effect)
        {
            case ClientEffect.Ready when !_toldReady:
                _heard.Enqueue("= ready");
                break;
            case ClientEffect.StartTls:
                _shakesHands = true;
                _heard.Enqueue("= starttls");
                break;
            case ClientEffect.SendContent send:
                _heard.Enqueue(send.Raw ? "= content raw" : "= content");
                break;
            case ClientEffect.TransactionFinished { Result.NeedsSevenBit: true }:
                _heard.Enqueue("= needs seven bit");
                break;
            case ClientEffect.TransactionFinished finished:
                foreach (var result in finished.Result.Recipients)
                {
                    _heard.Enqueue($"= {Describe(result)}");
                }

                break;
            case ClientEffect.Closed { Reason: not "connection is closed" } closed:
                _heard.Enqueue($"= closed {closed.Reply?.ToString() ?? closed.Reason}");
                break;
        }

        _toldReady = effect is ClientEffect.Ready;
    }

    private static string Describe(RecipientResult result) => result switch
    {
        RecipientResult.Delivered { DsnPassedOn: true } => $"delivered with notices: {result.Reply}",
        RecipientResult.Delivered => $"delivered: {result.Reply}",
        _ => $"refused: {result.Reply}",
    };

    private static SmtpClientOptions Set(SmtpClientOptions options, string[] option) => option switch
    {
        ["tls", var policy] => options with { Tls = Enum.Parse<TlsPolicy>(policy, ignoreCase: true) },
        ["login", var password] => options with { Credentials = new SmtpCredentials("bob", password) },
        ["long-login"] => options with { Credentials = new SmtpCredentials("bob", new string('p', 600)) },
        ["plaintext"] => options with { PlaintextLoginAllowed = true },
        ["name", var name] => options with { HeloName = DomainName.Parse(name) },
        _ => throw new InvalidOperationException($"no option is named {option[0]}"),
    };
}
