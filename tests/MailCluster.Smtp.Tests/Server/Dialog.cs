using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using MailCluster.Mail.Addresses;
using MailCluster.Smtp.Server;

namespace MailCluster.Smtp.Tests.Server;

/// <summary>
/// A dialogue from a text file. <c>C:</c> is a line of the client, CRLF is added; <c>R:</c> is raw, with \r \n \0 and
/// \xHH; <c>S:</c> is a line of the server, * stands for anything; <c>B:</c> is a text that the last committed body
/// must have; <c>@</c> sets options; <c>#</c> is a comment.
/// </summary>
internal sealed partial class Dialog
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Dialogs");

    private Dialog()
    {
    }

    public SmtpServerOptions Options { get; private set; } = new()
    {
        Hostname = DomainName.Parse("mail.hamburger.edu"),
        TlsAvailable = true,
        PlaintextAuthAllowed = true,
    };

    public bool Secure { get; private set; }

    /// <summary>What the client says until the server is expected to answer, and what it answers, in turn.</summary>
    public List<Turn> Turns { get; } = [];

    /// <summary>Octets that must come in one piece, such as those behind STARTTLS: not to be cut.</summary>
    public bool IsWhole { get; private set; }

    public static TheoryData<string> Names =>
        [.. Directory.EnumerateFiles(Folder, "*.txt").Select(f => Path.GetFileNameWithoutExtension(f)!).Order()];

    public static Dialog Read(string name)
    {
        var dialog = new Dialog();
        foreach (var line in File.ReadLines(Path.Combine(Folder, name + ".txt")))
        {
            dialog.Take(line);
        }

        return dialog;
    }

    public static bool Matches(string pattern, string line) =>
        Regex.IsMatch(line, "^" + Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal) + "$");

    private void Take(string line)
    {
        var text = line.Length > 3 ? line[3..] : "";
        switch (line.Length > 1 ? line[..2] : line)
        {
            case "C:":
                Say(Encoding.UTF8.GetBytes(text + "\r\n"));
                break;
            case "R:":
                Say(Encoding.Latin1.GetBytes(Unescape(text)));
                break;
            case "S:":
                Expect(text);
                break;
            case "B:":
                Turns[^1].Bodies.Add(Unescape(text));
                break;
            case "@ ":
                Set(line[2..]);
                break;
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
        var (key, value) = (option.Split('=')[0], option.Split('=').ElementAtOrDefault(1) ?? "");
        var number = int.TryParse(value, CultureInfo.InvariantCulture, out var n) ? n : 0;
        Secure |= key == "secure";
        IsWhole |= key == "whole";
        Options = key switch
        {
            "submission" => Options with { Role = SmtpRole.Submission },
            "noplaintext" => Options with { PlaintextAuthAllowed = false },
            "maxerrors" => Options with { MaxErrors = number },
            "maxsize" => Options with { MaxMessageSize = number },
            "maxrecipients" => Options with { MaxRecipients = number },
            "maxtransactions" => Options with { MaxTransactions = number },
            "secure" => Options with { TlsAvailable = false },
            "whole" => Options,
            _ => throw new InvalidOperationException($"No option is named {key}."),
        };
    }

    private static string Unescape(string text) => Escape().Replace(text, match => match.Value switch
    {
        "\\r" => "\r",
        "\\n" => "\n",
        "\\0" => "\0",
        "\\\\" => "\\",
        var hex => ((char)byte.Parse(hex[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString(),
    });

    /// <summary>What the client says, what the server answers to it, and what the body committed then must have.</summary>
    internal sealed record Turn(byte[] Client, List<string> Server, List<string> Bodies);

    [GeneratedRegex(@"\\x[0-9a-fA-F]{2}|\\[rn0\\]")]
    private static partial Regex Escape();
}
