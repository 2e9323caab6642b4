using System.Text;
using CsCheck;
using MailCluster.Mail.Addresses;
using MailCluster.Smtp.Server;

namespace MailCluster.Smtp.Tests.Server;

/// <summary>Hostile input: never an exception, never memory without bound.</summary>
public sealed class SessionPropertyTests
{
    private static readonly SmtpServerOptions Options = new()
    {
        Hostname = DomainName.Parse("mail.hamburger.edu"),
        TlsAvailable = true,
        PlaintextAuthAllowed = true,
    };

    /// <summary>What clients say in the dialogues, and what tests/corpus has of worse.</summary>
    private static readonly byte[][] Seeds =
    [
        .. Dialog.All.Select(dialog => dialog.AllClient),
        .. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Corpus"), "*.txt").Order().Select(File.ReadAllBytes),
    ];

    /// <summary>A seed with some octets changed, repeated or left out.</summary>
    private static readonly Gen<byte[]> Mutated = Gen.Select(
        Gen.Int[0, Seeds.Length - 1], Gen.Select(Gen.Double[0, 1], Gen.Byte, Gen.Int[0, 2]).Array[1, 20], Mutate);

    [Fact]
    public void Random_octets_never_throw() => Gen.Byte.Array[0, 4000].Sample(octets => IsSound(octets));

    [Fact]
    public void Mutated_seeds_never_throw() => Mutated.Sample(octets => IsSound(octets));

    /// <summary>Without STARTTLS, behind which it does matter what came together.</summary>
    [Fact]
    public void Mutated_seeds_are_answered_the_same_however_they_come() =>
        Gen.Select(Mutated, Gen.Int[1, 50]).Sample((octets, length) =>
        {
            var whole = NewHost(tls: false);
            whole.Feed(octets);
            var cut = NewHost(tls: false);
            foreach (var piece in octets.Chunk(Math.Max(length, octets.Length / 500)))
            {
                cut.Feed(piece);
            }

            return WithoutChallenges(whole) == WithoutChallenges(cut) && whole.IsClosed == cut.IsClosed && whole.Abandoned == cut.Abandoned
                && whole.Committed.Select(m => m.Body).SequenceEqual(cut.Committed.Select(m => m.Body));
        });

    [Fact]
    public void Every_prefix_of_every_seed_leaves_a_sound_session()
    {
        const int MaxPrefixes = 300;
        foreach (var seed in Seeds)
        {
            for (var length = 0; length <= seed.Length; length += 1 + (seed.Length / MaxPrefixes))
            {
                Assert.True(IsSound(seed[..length]));
            }
        }
    }

    [Fact]
    public void A_line_without_end_is_dropped_while_it_comes()
    {
        var host = new ScriptedHost(Options, secure: false);
        var piece = Enumerable.Repeat((byte)'x', 64 * 1024).ToArray();
        for (var i = 0; i < 16 * 1024; i++) // 1 GiB
        {
            host.Feed(piece);
            Assert.InRange(host.PendingLength, 0, Options.MaxAuthenticationLine);
        }

        host.ForgetReplies();
        host.Feed("\r\nHELO x\r\n"u8);
        Assert.StartsWith("500 5.5.2 Line too long\r\n250 ", host.Replies, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hundred_thousand_recipients_are_answered_and_not_kept()
    {
        var host = new ScriptedHost(Options, secure: false, ["known *"]);
        host.Feed("HELO x\r\nMAIL FROM:<a@b.example>\r\n"u8);
        for (var i = 0; i < 100_000; i++)
        {
            host.ForgetReplies();
            host.Feed(Encoding.ASCII.GetBytes($"RCPT TO:<many{i}@hamburger.edu>\r\n"));
            Assert.StartsWith(i < Options.MaxRecipients ? "250 " : "452 4.5.3 ", host.Replies, StringComparison.Ordinal);
        }
    }

    /// <summary>The envelope goes to the queue in one piece: many recipients may each be short, or a few of them long.</summary>
    [Fact]
    public void An_envelope_of_too_many_octets_leaves_the_rest_to_another_transaction()
    {
        var host = new ScriptedHost(Options with { MaxRecipients = 100_000 }, secure: false, ["known *"]);
        var original = new string('x', SmtpLimits.OriginalRecipient - "rfc822;".Length);
        host.Feed("EHLO x\r\nMAIL FROM:<a@b.example>\r\n"u8);
        var taken = -1;
        do
        {
            taken++;
            host.ForgetReplies();
            host.Feed(Encoding.ASCII.GetBytes($"RCPT TO:<many{taken}@hamburger.edu> ORCPT=rfc822;{original}\r\n"));
        }
        while (host.Replies.StartsWith("250 ", StringComparison.Ordinal));

        Assert.Equal("452 4.5.3 Too many recipients\r\n", host.Replies);
        Assert.InRange(taken, 6_000, SmtpLimits.EnvelopeSize / SmtpLimits.OriginalRecipient);
        host.Feed("DATA\r\nbody\r\n.\r\n"u8);
        Assert.Equal(taken, Assert.Single(host.Committed).Envelope.Recipients.Length);
    }

    [Fact]
    public void A_hundred_and_one_received_fields_are_a_loop()
    {
        var host = new ScriptedHost(Options, secure: false);
        host.Feed("HELO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<bob@hamburger.edu>\r\nDATA\r\n"u8);
        for (var i = 0; i < 101; i++)
        {
            host.Feed(Encoding.ASCII.GetBytes($"Received: from h{i}\r\n"));
        }

        host.ForgetReplies();
        host.Feed("\r\nbody\r\n.\r\n"u8);
        Assert.Equal("554 5.4.6 Too many hops, mail loop\r\n", host.Replies);
        Assert.Equal(1, host.Abandoned);
        Assert.Empty(host.Committed);
    }

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
                default:
                    octets.RemoveRange(at, Math.Min(octets.Count - 1, 1));
                    break;
            }
        }

        return [.. octets];
    }

    /// <summary>SCRAM's have something random in them.</summary>
    private static string WithoutChallenges(ScriptedHost host) => string.Join(
        '\n', host.Replies.Split('\n').Select(line => line.StartsWith("334 ", StringComparison.Ordinal) ? "334" : line));

    private static ScriptedHost NewHost(bool tls) =>
        new(Options with { MaxErrors = 1000, TlsAvailable = tls }, secure: false);

    private static bool IsSound(byte[] octets)
    {
        var host = NewHost(tls: true);
        host.Feed(octets);
        return (host.IsClosed || host.PendingLength <= Options.MaxAuthenticationLine)
            && host.LargestWrite <= 2 * ContentReceiver.PieceSize;
    }
}
