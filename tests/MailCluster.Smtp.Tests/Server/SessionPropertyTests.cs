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

    private static readonly byte[][] Dialogs = [.. Dialog.All.Select(dialog => dialog.AllClient)];

    [Fact]
    public void Random_octets_never_throw() => Gen.Byte.Array[0, 4000].Sample(octets => IsSound(octets));

    [Fact]
    public void Mutated_dialogues_never_throw() =>
        Gen.Select(Gen.Int[0, Dialogs.Length - 1], Gen.Select(Gen.Double[0, 1], Gen.Byte).Array[1, 20]).Sample((dialog, changes) =>
        {
            var octets = Dialogs[dialog].ToArray();
            foreach (var (place, value) in changes)
            {
                octets[(int)(place * (octets.Length - 1))] = value;
            }

            return IsSound(octets);
        });

    [Fact]
    public void Every_prefix_of_every_dialogue_leaves_a_sound_session()
    {
        foreach (var dialog in Dialogs)
        {
            for (var length = 0; length <= dialog.Length; length += 1 + (dialog.Length / 300))
            {
                Assert.True(IsSound(dialog[..length]));
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

    private static bool IsSound(byte[] octets)
    {
        var host = new ScriptedHost(Options with { MaxErrors = 1000 }, secure: false);
        host.Feed(octets);
        return host.IsClosed || host.PendingLength <= Options.MaxAuthenticationLine;
    }
}
