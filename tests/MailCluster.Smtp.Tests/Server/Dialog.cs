using System.Globalization;
using System.Text;
using MailCluster.Mail.Addresses;
using MailCluster.Smtp.Server;

namespace MailCluster.Smtp.Tests.Server;

/// <summary>
/// A dialogue from a text file, line by line:
/// <code>
/// C: a line of the client, CRLF is added       R: raw octets: \r \n \0 \xHH
/// S: a line of the server, * for anything      S: 250... a whole reply of this code, however many lines
/// X: here the server closes                    B: octets that the body committed last must have
/// @ an option of the listener                  H: what the host refuses, see <see cref="ScriptedHost.Arrange"/>
/// </code>
/// In C: and R: lines x{3} is xxx, ${bob} is bob's password, base64{...} is encoded. Lines with B, @ and H are for the
/// session alone; dialogues without @ and H hold for a running node that has bob and alice as well.
/// </summary>
internal sealed class Dialog
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Dialogs");

    private Dialog(string name) => Name = name;

    public string Name { get; }

    public SmtpServerOptions Options { get; private set; } = new()
    {
        Hostname = DomainName.Parse("mail.hamburger.edu"),
        TlsAvailable = true,
        PlaintextAuthAllowed = true,
    };

    /// <summary>TLS from the first octet.</summary>
    public bool Secure { get; private set; }

    /// <summary>What comes in one piece, such as octets behind STARTTLS, must not be cut or joined.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>The dialogue ends with the server closing.</summary>
    public bool Closes { get; private set; }

    /// <summary>The H: lines.</summary>
    public List<string> Arrangements { get; } = [];

    /// <summary>What the client says until the server is expected to answer, and what it answers, in turn.</summary>
    public List<Turn> Turns { get; } = [];

    public byte[] AllClient => [.. Turns.SelectMany(turn => turn.Client)];

    public static TheoryData<string> Names =>
        [.. Directory.EnumerateFiles(Folder, "*.txt").Select(f => Path.GetFileNameWithoutExtension(f)!).Order()];

    public static IEnumerable<Dialog> All => ((IEnumerable<object[]>)Names).Select(row => Read((string)row[0]));

    public static Dialog Read(string name)
    {
        var dialog = new Dialog(name);
        foreach (var line in File.ReadLines(Path.Combine(Folder, name + ".txt")))
        {
            dialog.Take(line);
        }

        return dialog;
    }

    public ScriptedHost NewHost() => new(Options, Secure, Arrangements);

    private void Take(string line)
    {
        var text = line.Length > 3 ? line[3..] : "";
        switch (line.Length > 1 ? line[..2] : line)
        {
            case "C:":
                Say(Encoding.UTF8.GetBytes(DialogText.Expand(text) + "\r\n"));
                break;
            case "R:":
                Say(Encoding.Latin1.GetBytes(DialogText.Unescape(DialogText.Expand(text))));
                break;
            case "S:":
                Expect(text);
                break;
            case "X:":
                Closes = true;
                break;
            case "B:":
                Turns[^1].Bodies.Add(DialogText.Unescape(DialogText.Expand(text)));
                break;
            case "@ ":
                Set(line[2..]);
                break;
            case "H:":
                Arrangements.Add(text);
                break;
            case "# ":
                break;
            default:
                throw new InvalidOperationException($"{Name}: a line begins with C: R: S: X: B: @ H: or #, not as {line}");
        }
    }

    private void Say(byte[] octets)
    {
        if (Turns.Count > 0 && Turns[^1].Server.Count == 0)
        {
            Turns[^1] = Turns[^1] with { Client = [.. Turns[^1].Client, .. octets] };
        }
        else
        {
            Turns.Add(new Turn(octets, [], []));
        }
    }

    private void Expect(string pattern)
    {
        if (Turns.Count == 0)
        {
            Turns.Add(new Turn([], [], []));
        }

        Turns[^1].Server.Add(pattern);
    }

    private void Set(string option)
    {
        var parts = option.Split('=');
        var number = parts.Length == 1 ? 0 : int.Parse(parts[1], CultureInfo.InvariantCulture);
        Secure |= parts[0] == "secure";
        IsWhole |= parts[0] == "whole";
        Options = parts[0] switch
        {
            "submission" => Options with { Role = SmtpRole.Submission },
            "noplaintext" => Options with { PlaintextAuthAllowed = false },
            "maxerrors" => Options with { MaxErrors = number },
            "maxsize" => Options with { MaxMessageSize = number },
            "maxrecipients" => Options with { MaxRecipients = number },
            "maxtransactions" => Options with { MaxTransactions = number },
            "maxreceived" => Options with { MaxReceivedFields = number },
            "secure" => Options with { TlsAvailable = false },
            "whole" => Options,
            _ => throw new InvalidOperationException($"{Name}: no option is named {parts[0]}"),
        };
    }

    /// <summary>What the client says, what the server answers to it, and what the body committed then must have.</summary>
    internal sealed record Turn(byte[] Client, List<string> Server, List<string> Bodies);
}
