using System.Text;
using CsCheck;

namespace MailCluster.Imap.Tests;

/// <summary>Hostile input, from the dialogues and tests/corpus/imap: never an exception, no octet kept, no command unanswered.</summary>
public sealed class SessionPropertyTests
{
    private static readonly byte[][] Seeds = [.. Dialogues(), .. Files("Corpus").Select(File.ReadAllBytes)];

    private static readonly Gen<byte[]> Mutated = Gen.Select(
        Gen.Int[0, Seeds.Length - 1], Gen.Select(Gen.Double[0, 1], Gen.Byte, Gen.Int[0, 3]).Array[1, 20], Mutate);

    /// <summary>Words of the grammar in any order: nearer to sense than octets are.</summary>
    private static readonly string[] Words =
    [
        "UID", "FETCH", "STORE", "SEARCH", "COPY", "MOVE", "SELECT", "INBOX", "(", ")", "FLAGS", "+FLAGS.SILENT", "1:*", "*", "$",
        "NOT", "OR", "ALL", "SEEN", "KEYWORD", "Work", "BODY", "BODY[]", "BODY.PEEK[HEADER.FIELDS", "]", "<0.5>", "RETURN", "MIN",
        "\"x\"", "1-Feb-1994", "\"17-Jul-1996 02:44:25 -0700\"", "MODSEQ", "UNCHANGEDSINCE", "1", "4294967295", "LIST", "%",
        "STATUS", "MESSAGES", "CREATE", "&AOQ-", "EXPUNGE", "CLOSE", "ENABLE", "QRESYNC", "CHANGEDSINCE", "VANISHED", "NIL", "ID",
        @"\Deleted", @"(\Seen)", "SENTON", "31-Dec-9999", "LARGER", "9223372036854775807", "CHARSET", "UTF-8", "TEXT", "\"", "~",
    ];

    private static readonly Gen<string> Commands = Gen.Select(
        Gen.Int[0, Words.Length - 1].Array[1, 12], Gen.Int[0, 9].Array[12], (words, spaces) => string.Concat(
            words.Index().Select(word => Words[word.Item] + (spaces[word.Index] == 0 ? "" : " "))).TrimEnd());

    [Fact]
    public void Random_octets_never_throw() => Gen.Byte.Array[0, 4_000].Sample(octets => IsSound(octets));

    [Fact]
    public void Mutated_seeds_never_throw() => Mutated.Sample(octets => IsSound(octets), iter: 500);

    [Fact]
    public void Every_prefix_of_every_seed_leaves_a_sound_session()
    {
        const int MaxPrefixes = 300;
        foreach (var seed in Seeds)
        {
            for (var length = 0; length <= seed.Length; length += 1 + (seed.Length / MaxPrefixes))
            {
                Assert.True(IsSound(seed[..length]), Encoding.Latin1.GetString(seed[..length]));
            }
        }
    }

    /// <summary>Without STARTTLS, behind which it does matter what came together.</summary>
    [Fact]
    public void Seeds_are_answered_the_same_wherever_they_are_split()
    {
        const int MaxSplits = 200;
        foreach (var seed in Seeds)
        {
            var whole = Play(seed);
            for (var at = 1; at < seed.Length; at += 1 + (seed.Length / MaxSplits))
            {
                AssertSame(whole, Play(seed[..at], seed[at..]));
            }
        }
    }

    [Fact]
    public void Mutated_seeds_are_answered_the_same_however_they_come() =>
        Gen.Select(Mutated, Gen.Int[1, 50]).Sample((octets, length) =>
            AssertSame(Play(octets), Play([.. octets.Chunk(Math.Max(length, octets.Length / 200))])));

    [Fact]
    public void Every_command_has_an_answer() => Commands.Array[1, 10].Sample(commands =>
    {
        var host = NewHost();
        host.Feed(Encoding.UTF8.GetBytes("t LOGIN bob@hamburger.edu secret\r\nt SELECT INBOX\r\n"));
        foreach (var (index, command) in commands.Index())
        {
            host.ForgetReplies();
            host.Feed(Encoding.UTF8.GetBytes($"tag{index} {command}\r\n"));
            var answers = host.Replies.Split("\r\n").Count(line => line.StartsWith($"tag{index} ", StringComparison.Ordinal));
            Assert.True(answers == 1 || (host.IsClosed && host.Replies.Contains("* BYE", StringComparison.Ordinal)), command);
            if (host.IsClosed)
            {
                break;
            }
        }
    });

    private static IEnumerable<byte[]> Dialogues() => Files("Dialogs").Select(file => Encoding.UTF8.GetBytes(
        string.Concat(File.ReadLines(file).Where(line => line.Contains("C: ", StringComparison.Ordinal))
            .Select(line => line[(line.IndexOf("C: ", StringComparison.Ordinal) + 3)..] + "\r\n"))));

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, folder), "*.txt").Order();

    private static byte[] Mutate(int seed, (double Place, byte Value, int Kind)[] changes)
    {
        var octets = Seeds[seed].ToList();
        foreach (var (place, value, kind) in changes)
        {
            var at = (int)(place * (octets.Count - 1));
            switch (kind)
            {
                case 0:
                    octets[at] = value;
                    break;
                case 1:
                    octets.Insert(at, octets[at]);
                    break;
                case 2:
                    octets[at] = "0123456789{}()\"\\ *:,"u8[value % 20];
                    break;
                default:
                    octets.RemoveRange(at, Math.Min(octets.Count - 1, 1));
                    break;
            }
        }

        return [.. octets];
    }

    private static ScriptedHost NewHost(bool tls = false)
    {
        var mailbox = new FakeMailbox();
        mailbox.Deliver("INBOX", "Subject: x\r\nFrom: fred@hamburger.edu\r\n\r\ny\r\n");
        mailbox.Deliver("INBOX", "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nz\r\n--b--\r\n");
        return new ScriptedHost(mailbox, ScriptedHost.DefaultOptions with { TlsAvailable = tls });
    }

    private static ScriptedHost Play(params byte[][] pieces)
    {
        var host = NewHost();
        foreach (var piece in pieces)
        {
            host.Feed(piece);
        }

        return host;
    }

    private static void AssertSame(ScriptedHost one, ScriptedHost other)
    {
        Assert.Equal(WithoutNonce(one.Replies), WithoutNonce(other.Replies));
        Assert.Equal(one.IsClosed, other.IsClosed);
    }

    /// <summary>Challenges are new each time, as they have to be.</summary>
    private static string WithoutNonce(string replies) => string.Join('\n', replies.Split("\r\n").Select(line =>
        line.StartsWith("+ ", StringComparison.Ordinal) ? "+ challenge" : line));

    private static bool IsSound(byte[] octets)
    {
        var host = NewHost(tls: true);
        host.Feed(octets);
        return host.IsClosed || host.PendingLength == 0;
    }
}
