using System.Text;
using System.Text.RegularExpressions;
using CsCheck;

namespace MailCluster.Pop3.Tests;

/// <summary>
/// Dialogues from text files: <c>C:</c> a line of the client, <c>S:</c> a line of the server, * stands for anything. Each
/// is run turn by turn, octet by octet, and in random pieces.
/// </summary>
public sealed class DialogTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Dialogs");

    public static TheoryData<string> Names =>
        [.. Directory.EnumerateFiles(Folder, "*.txt").Select(f => Path.GetFileNameWithoutExtension(f)!).Order()];

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

    [Fact]
    public void Random_octets_never_throw() => Gen.Byte.Array[0, 3000].Sample(octets =>
    {
        var host = new ScriptedHost();
        host.Feed(octets);
        return host.IsClosed || host.PendingLength <= 12_288;
    });

    [Fact]
    public void Mutated_dialogues_never_throw_and_remove_nothing_without_quit()
    {
        var dialog = "USER bob@hamburger.edu\r\nPASS secret\r\nSTAT\r\nLIST\r\nUIDL 2\r\nTOP 3 1\r\nRETR 2\r\nDELE 1\r\n"u8.ToArray();
        Gen.Select(Gen.Int[0, dialog.Length - 1], Gen.Byte).Array[1, 10].Sample(changes =>
        {
            var octets = dialog.ToArray();
            foreach (var (place, value) in changes)
            {
                octets[place] = value;
            }

            var host = new ScriptedHost();
            host.Feed(octets);
            return host.Expunged.Count == 0;
        });
    }

    [Fact]
    public void A_line_without_end_is_dropped_while_it_comes()
    {
        var host = new ScriptedHost();
        var piece = Enumerable.Repeat((byte)'x', 64 * 1024).ToArray();
        for (var i = 0; i < 1024; i++)
        {
            host.Feed(piece);
            Assert.InRange(host.PendingLength, 0, 1024);
        }

        host.ForgetReplies();
        host.Feed("\r\nQUIT\r\n"u8);
        Assert.Matches("^-ERR .*\r\n\\+OK bye\r\n$", host.Replies);
    }

    [Fact]
    public void Deletions_happen_at_quit_and_only_those_marked()
    {
        var host = new ScriptedHost();
        host.Feed("USER bob@hamburger.edu\r\nPASS secret\r\nDELE 1\r\nDELE 3\r\n"u8);
        Assert.Empty(host.Expunged);
        host.Feed("QUIT\r\n"u8);
        Assert.Equal([10u, 12u], host.Expunged);
        Assert.True(host.IsClosed);
    }

    [Theory]
    [InlineData(MaildropRefusal.InUse, "-ERR [IN-USE] ")]
    [InlineData(MaildropRefusal.TemporaryFailure, "-ERR [SYS/TEMP] ")]
    public void A_maildrop_that_cannot_be_opened_says_why(MaildropRefusal refusal, string reply)
    {
        var host = new ScriptedHost(refusal: refusal);
        host.Feed("USER bob@hamburger.edu\r\nPASS secret\r\n"u8);

        Assert.Contains(reply, host.Replies, StringComparison.Ordinal);
        Assert.Equal(Pop3State.Authorization, host.Session.State);
    }

    [Fact]
    public void A_message_that_cannot_be_opened_is_an_error_and_half_a_message_ends_the_connection()
    {
        var host = new ScriptedHost { SendFailure = SendOutcome.FailedBeforeFirstOctet };
        host.Feed("USER bob@hamburger.edu\r\nPASS secret\r\nRETR 1\r\n"u8);
        Assert.EndsWith("-ERR [SYS/TEMP] message not available, try again later\r\n", host.Replies, StringComparison.Ordinal);
        Assert.False(host.IsClosed);

        host.SendFailure = SendOutcome.FailedInTheMiddle;
        host.Feed("RETR 1\r\n"u8);
        Assert.True(host.IsClosed);
    }

    private static void Play(string name, Func<int, int> pieceLength)
    {
        var lines = File.ReadAllLines(Path.Combine(Folder, name + ".txt"));
        var host = new ScriptedHost(plaintext: !lines.Contains("@ noplaintext"));
        var expected = new List<string>();
        foreach (var line in lines)
        {
            switch (line.Length > 1 ? line[..2] : "")
            {
                case "S:":
                    expected.Add(line.Length > 3 ? line[3..] : "");
                    break;
                case "C:":
                    if (expected.Count > 0)
                    {
                        AssertReplies(host, expected, name);
                    }

                    FeedInPieces(host, Encoding.UTF8.GetBytes((line.Length > 3 ? line[3..] : "") + "\r\n"), pieceLength);
                    break;
            }
        }

        AssertReplies(host, expected, name);
    }

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
        Regex.IsMatch(line, "^" + Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal) + "$");
}
