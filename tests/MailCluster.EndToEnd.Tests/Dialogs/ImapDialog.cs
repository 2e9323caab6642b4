using System.Text;
using System.Text.RegularExpressions;

namespace MailCluster.EndToEnd.Tests.Dialogs;

/// <summary>
/// A dialogue of the IMAP session's tests, as MailCluster.Imap.Tests/DialogTests.cs reads it: lines of the client behind
/// <c>C:</c>, with the literal of <c>L:</c> lines where they say <c>{}</c>, lines of the server behind <c>S:</c>, messages
/// that come behind <c>D:</c>, and which of several clients it is in front. What is none of these is a remark.
/// </summary>
internal sealed partial record ImapDialog(string Name, IReadOnlyList<ImapDialogStep> Steps)
{
    private const string WrittenDomain = "hamburger.edu";

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "ImapDialogs");

    public static IReadOnlyList<string> Names { get; } =
    [
        .. Directory.EnumerateFiles(Folder, "*.txt")
            .Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal),
    ];

    /// <summary>
    /// The domain that a dialogue has for itself, so that its users are new: as long as the one that is written in it, as
    /// sizes and lengths of literals are, too.
    /// </summary>
    public static string DomainOf(string name) => $"hambur{Names.ToList().IndexOf(name):000}.edu";

    /// <summary>With the dialogue's own domain instead of the written one.</summary>
    public static ImapDialog Read(string name)
    {
        var lines = File.ReadAllLines(Path.Combine(Folder, name + ".txt"));
        var steps = new List<ImapDialogStep>();
        for (var i = 0; i < lines.Length; i++)
        {
            var client = lines[i] is ['{', var number and >= '1' and <= '9', '}', ..] ? number - '0' : 1;
            var line = lines[i] is ['{', ..] ? lines[i][3..].TrimStart() : lines[i];
            var text = line.Length > 3 ? WithDomainOf(name, line[3..]) : "";
            switch (line is [var kind, ':', ..] ? kind : ' ')
            {
                case 'D':
                    steps.Add(new ImapDialogStep.Deliver(WithDomainOf(name, Message(text))));
                    break;
                case 'S':
                    steps.Add(new ImapDialogStep.Expect(client, text));
                    break;
                case 'C':
                    var literal = Literal(name, lines.Skip(i + 1));
                    var announced = text.Replace("{}", $"{{{Encoding.UTF8.GetByteCount(literal)}+}}", StringComparison.Ordinal);
                    steps.Add(new ImapDialogStep.Say(client, EncodedDomain(name, announced), literal));
                    break;
            }
        }

        return new ImapDialog(name, steps);
    }

    /// <summary>As DialogTests.Message makes it.</summary>
    private static string Message(string subject) =>
        $"From: Fred <fred@{WrittenDomain}>\r\nTo: bob@{WrittenDomain}\r\nSubject: {subject}\r\n"
        + $"Date: Mon, 23 Nov 2026 11:00:00 +0000\r\nMessage-ID: <1@{WrittenDomain}>\r\n\r\nHello.\r\n";

    private static string Literal(string name, IEnumerable<string> behind) => string.Concat(
        behind.TakeWhile(line => line.StartsWith("L:", StringComparison.Ordinal))
            .Select(line => (line.Length > 3 ? WithDomainOf(name, line[3..]) : "") + "\r\n"));

    /// <summary>Not in the server's own name.</summary>
    private static string WithDomainOf(string name, string text) => Domain().Replace(text, DomainOf(name));

    /// <summary>Also within Base64, as AUTHENTICATE has it.</summary>
    private static string EncodedDomain(string name, string line) => string.Join(' ', line.Split(' ').Select(word =>
    {
        var octets = new byte[word.Length];
        return word.Length > 0 && Convert.TryFromBase64String(word, octets, out var length)
            ? Convert.ToBase64String(Encoding.Latin1.GetBytes(
                WithDomainOf(name, Encoding.Latin1.GetString(octets, 0, length))))
            : word;
    }));

    [GeneratedRegex(@"(?<!mail\.)hamburger\.edu")]
    private static partial Regex Domain();
}

/// <summary>What happens next in a dialogue.</summary>
internal abstract record ImapDialogStep
{
    private ImapDialogStep()
    {
    }

    /// <summary>A line of a client, and the literal that it announces.</summary>
    public sealed record Say(int Client, string Line, string Literal) : ImapDialogStep;

    /// <summary>A line to a client; ** stands for anything.</summary>
    public sealed record Expect(int Client, string Pattern) : ImapDialogStep;

    /// <summary>A message comes into the INBOX.</summary>
    public sealed record Deliver(string Message) : ImapDialogStep;
}
