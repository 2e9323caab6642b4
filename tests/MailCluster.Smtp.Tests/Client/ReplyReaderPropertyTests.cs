using System.Buffers;
using System.Text;
using CsCheck;
using MailCluster.Mail.Replies;
using MailCluster.Smtp.Client;
using MailCluster.Smtp.Framing;
using MailCluster.Smtp.Tests.Server;

namespace MailCluster.Smtp.Tests.Client;

/// <summary>What servers say, and what they should not: never an exception, never memory without bound.</summary>
public sealed class ReplyReaderPropertyTests
{
    /// <summary>Octets of a line that has not ended, the most that may be left over.</summary>
    private const int MaxLine = 16 * 1024;

    /// <summary>Text of one reply: 8 KiB and what the first line has.</summary>
    private const int MaxText = 9 * 1024;

    private static readonly string[] Valid =
    [
        "220 mail.example ESMTP\r\n",
        "250\r\n",
        "250 \r\n",
        "250-mail.example\r\n250-PIPELINING\r\n250-SIZE 1000\r\n250 AUTH PLAIN LOGIN\r\n",
        "550-5.1.1 No such\r\n550-5.1.1 user\r\n550 5.1.1 here\r\n",
        "550 5.1.1\r\n",
        "250 2.1.0 Ok\n354 go ahead\n",
        "421 4.3.2 stopping\r\n\r\n",
        "334 VXNlcm5hbWU6\r\n235 2.7.0 ok\r\n",
        "250-gr\u00FC\u00DFe\t\u0007\r\n250 .\r\n",
        "299 5.1.1 a code of another class is text\r\n",
    ];

    private static readonly Gen<byte[]> Mutated = Gen.Select(
        Gen.Int[0, Valid.Length - 1], Gen.Select(Gen.Double[0, 1], Gen.Byte, Gen.Int[0, 2]).Array[1, 10], Mutate);

    /// <summary>Replies as our own writer makes them: no text looks like a status code, none ends in a space.</summary>
    private static readonly Gen<Reply> OwnReply = Gen.Select(
        Gen.Int[2, 5],
        Gen.Int[0, 59],
        Gen.Bool,
        Gen.Select(Gen.Int[0, 999], Gen.Int[0, 999]),
        Gen.Char[' ', '~'].Array[0, 60].Select(text => ("text " + new string(text)).TrimEnd()).Array[1, 10],
        (kind, rest, hasStatus, status, lines) => new Reply(
            new ReplyCode((kind * 100) + rest),
            hasStatus && kind != 3 ? new EnhancedStatusCode(kind, status.Item1, status.Item2) : null,
            [.. lines]));

    [Fact]
    public void What_is_written_is_read_back() => OwnReply.Sample(reply =>
    {
        var octets = new ArrayBufferWriter<byte>();
        ReplyWriter.Write(reply, octets);
        return Read([octets.WrittenSpan.ToArray()]).Replies is [var read] && read == reply;
    });

    [Fact]
    public void Replies_are_the_same_wherever_they_are_split()
    {
        foreach (var octets in Valid.Select(Encoding.Latin1.GetBytes))
        {
            var whole = Read([octets]);
            Assert.NotEmpty(whole.Replies);
            for (var at = 1; at < octets.Length; at++)
            {
                AssertSame(whole, Read([octets[..at], octets[at..]]));
            }

            AssertSame(whole, Read([.. octets.Select(octet => (byte[])[octet])]));
        }
    }

    [Fact]
    public void No_prefix_of_a_reply_is_a_reply()
    {
        foreach (var text in Valid.Where(IsOneReply))
        {
            var octets = Encoding.Latin1.GetBytes(text);
            for (var length = 0; length < octets.Length; length++)
            {
                var read = Read([octets[..length]]);
                Assert.Empty(read.Replies);
                Assert.False(read.IsBroken);
            }
        }
    }

    [Fact]
    public void Random_octets_never_throw() =>
        Gen.Byte.Array[0, 3000].Sample(octets => AssertSound(Read([octets])));

    [Fact]
    public void Mutated_replies_never_throw_and_are_the_same_however_they_come() =>
        Gen.Select(Mutated, Gen.Int[1, 20]).Sample((octets, length) =>
        {
            var whole = Read([octets]);
            AssertSound(whole);
            AssertSame(whole, Read([.. octets.Chunk(length)]));
        });

    [Fact]
    public void A_line_or_a_reply_without_end_is_given_up()
    {
        var line = Read([.. Enumerable.Repeat(Enumerable.Repeat((byte)'2', 1000).ToArray(), 100)]);
        Assert.True(line.IsBroken);

        var reply = Read([.. Enumerable.Repeat("250-again and again\r\n"u8.ToArray(), 100_000)]);
        Assert.True(reply.IsBroken);
        Assert.Empty(reply.Replies);
    }

    private static (List<Reply> Replies, bool IsBroken, int Left) Read(byte[][] pieces)
    {
        var reader = new ReplyReader();
        var replies = new List<Reply>();
        byte[] pending = [];
        foreach (var piece in pieces)
        {
            pending = [.. pending, .. piece];
            var input = Segments.Lay(pending, () => 7); // a line lies in several blocks
            while (reader.TryRead(ref input, out var reply))
            {
                replies.Add(reply);
            }

            pending = input.ToArray();
            if (reader.IsBroken)
            {
                break;
            }
        }

        return (replies, reader.IsBroken, pending.Length);
    }

    /// <summary>One line without the hyphen, and nothing behind its end.</summary>
    private static bool IsOneReply(string text) =>
        text.Split('\n').Count(line => line.Length < 4 || line[3] != '-') == 2;

    private static void AssertSame(
        (List<Reply> Replies, bool IsBroken, int Left) one, (List<Reply> Replies, bool IsBroken, int Left) other)
    {
        Assert.Equal(one.Replies, other.Replies);
        Assert.Equal(one.IsBroken, other.IsBroken);
    }

    private static void AssertSound((List<Reply> Replies, bool IsBroken, int Left) read)
    {
        Assert.True(read.IsBroken || read.Left <= MaxLine);
        foreach (var reply in read.Replies)
        {
            Assert.InRange(reply.Code.Value, 200, 599);
            Assert.NotEmpty(reply.Lines);
            Assert.InRange(reply.Lines.Sum(line => line.Length), 0, MaxText);
            Assert.All(reply.Lines, line => Assert.DoesNotContain(line, c => c is < ' ' or > '~'));
            Assert.True(reply.Status is not { } status || status.Class == reply.Code.Value / 100);
        }
    }

    private static byte[] Mutate(int seed, (double Place, byte Value, int Kind)[] changes)
    {
        var octets = Encoding.Latin1.GetBytes(Valid[seed]).ToList();
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
                default:
                    octets.RemoveRange(at, Math.Min(octets.Count - 1, 1));
                    break;
            }
        }

        return [.. octets];
    }
}
