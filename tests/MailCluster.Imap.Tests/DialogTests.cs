using System.Text;
using System.Text.RegularExpressions;
using CsCheck;

namespace MailCluster.Imap.Tests;

/// <summary>
/// Dialogues from text files: <c>C:</c> a line of the client, <c>S:</c> a line of the server, ** stands for anything, and
/// <c>{2}</c> in front names the client of several that share the mailbox. <c>L:</c> is a line of a literal, whose length is
/// put where the line before says <c>{}</c>. <c>D:</c> delivers a message with this subject, and <c>Q:</c>
/// limits the account to octets and messages, "-" for none. Each is run turn by turn, octet
/// by octet, and in random pieces.
/// </summary>
public sealed class DialogTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Dialogs");

    public static TheoryData<string> Names =>
        [.. Files().Select(f => Path.GetFileNameWithoutExtension(f)!)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Answers_are_as_written_however_the_octets_come(string name)
    {
        var random = new Random(name.Length);
        Play(name, length => length);
        Play(name, _ => 1);
        for (var i = 0; i < 10; i++)
        {
            Play(name, length => random.Next(1, length + 1));
        }
    }

    /// <summary>A notice says when to look, never what there is: all dialogues but those that are named for it.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Answers_need_no_notice_that_is_not_waited_for(string name)
    {
        if (!name.StartsWith("notices", StringComparison.Ordinal))
        {
            Play(name, length => length, losesNotices: true);
        }
    }

    [Fact]
    public void Random_octets_never_throw() => Gen.Byte.Array[0, 3000].Sample(octets =>
    {
        var host = new ScriptedHost(new FakeMailbox());
        host.Feed(octets);
        return host.IsClosed || host.PendingLength == 0;
    });

    [Fact]
    public void Mutated_dialogues_never_throw() => Gen.Select(
        Gen.Int[0, Files().Count - 1],
        Gen.Select(Gen.Double.Unit, Gen.Byte).Array[1, 10]).Sample((file, changes) =>
        {
            var octets = Encoding.UTF8.GetBytes(string.Concat(
                File.ReadLines(Files()[file]).Where(line => line.Contains("C: ", StringComparison.Ordinal))
                    .Select(line => line[(line.IndexOf("C: ", StringComparison.Ordinal) + 3)..] + "\r\n")));
            foreach (var (place, value) in changes)
            {
                octets[(int)(place * (octets.Length - 1))] = value;
            }

            var mailbox = new FakeMailbox();
            mailbox.Deliver("INBOX", "Subject: x\r\n\r\ny\r\n");
            var host = new ScriptedHost(mailbox);
            host.Feed(octets);
            return host.IsClosed || host.PendingLength == 0;
        }, iter: 2_000);

    private static List<string> Files() => [.. Directory.EnumerateFiles(Folder, "*.txt").Order()];

    private static void Play(string name, Func<int, int> pieceLength, bool losesNotices = false)
    {
        var mailbox = new FakeMailbox();
        var hosts = new Dictionary<char, ScriptedHost>();
        var expected = new Dictionary<char, List<string>>();
        var lines = File.ReadAllLines(Path.Combine(Folder, name + ".txt"));
        for (var i = 0; i < lines.Length; i++)
        {
            var client = lines[i] is ['{', var number, '}', ..] ? number : '1';
            var line = lines[i] is ['{', ..] ? lines[i][3..].TrimStart() : lines[i];
            if (line.StartsWith("D:", StringComparison.Ordinal))
            {
                mailbox.Deliver("INBOX", Message(line[3..]));
            }
            else if (line.StartsWith("Q:", StringComparison.Ordinal))
            {
                mailbox.Limit(line[3..].Split(' '));
            }
            else if (line.StartsWith("S:", StringComparison.Ordinal))
            {
                Host(client);
                expected[client].Add(line.Length > 3 ? line[3..] : "");
            }
            else if (line.StartsWith("C:", StringComparison.Ordinal))
            {
                foreach (var (other, host) in hosts)
                {
                    AssertReplies(host, expected[other], $"{name}, client {other}, before line {i + 1}");
                }

                var literal = Literal(lines, i + 1);
                var text = line[3..].Replace("{}", $"{{{Encoding.UTF8.GetByteCount(literal)}+}}", StringComparison.Ordinal) + "\r\n" + literal;
                FeedInPieces(Host(client), Encoding.UTF8.GetBytes(text), pieceLength);
            }
        }

        foreach (var (client, host) in hosts)
        {
            AssertReplies(host, expected[client], $"{name}, client {client}, at the end");
        }

        ScriptedHost Host(char client)
        {
            if (!hosts.TryGetValue(client, out var host))
            {
                host = hosts[client] = new ScriptedHost(mailbox) { LosesNotices = losesNotices };
                expected[client] = [];
            }

            return host;
        }
    }

    private static string Message(string subject) =>
        $"From: Fred <fred@hamburger.edu>\r\nTo: bob@hamburger.edu\r\nSubject: {subject}\r\n"
        + "Date: Mon, 23 Nov 2026 11:00:00 +0000\r\nMessage-ID: <1@hamburger.edu>\r\n\r\nHello.\r\n";

    /// <summary>The lines of the literal, and behind it what ends the command.</summary>
    private static string Literal(string[] lines, int at) => string.Concat(
        lines.Skip(at).TakeWhile(line => line.StartsWith("L:", StringComparison.Ordinal))
            .Select(line => (line.Length > 3 ? line[3..] : "") + "\r\n"));

    private static void FeedInPieces(ScriptedHost host, byte[] octets, Func<int, int> pieceLength)
    {
        for (var start = 0; start < octets.Length;)
        {
            var length = Math.Min(octets.Length - start, pieceLength(octets.Length));
            host.Feed(octets.AsSpan(start, length));
            start += length;
        }
    }

    private static void AssertReplies(ScriptedHost host, List<string> expected, string where)
    {
        var lines = host.Replies.Split("\r\n")[..^1];
        Assert.True(
            lines.Length == expected.Count && lines.Zip(expected).All(pair => Matches(pair.Second, pair.First)),
            $"{where}: expected\n{string.Join('\n', expected)}\nbut was\n{string.Join('\n', lines)}");
        host.ForgetReplies();
        expected.Clear();
    }

    private static bool Matches(string pattern, string line) =>
        Regex.IsMatch(line, "^" + Regex.Escape(pattern).Replace("\\*\\*", ".*", StringComparison.Ordinal) + "$");
}
