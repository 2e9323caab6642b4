using System.Text;
using CsCheck;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Headers;
using MailCluster.Mail.Identity;

namespace MailCluster.Mail.Tests.Headers;

public sealed class HeaderScannerTests
{
    private static readonly Gen<string> MessageLikeText = Gen.OneOf(
        "Received: x\r\n", "received : y\r\n", "Date: z\r\n", "\r\n", " folded\r\n", "\tDate: folded\r\n", "no field\r\n",
        "From:\r\n", "Message-ID: <a>\r\n", "X-Received: b\r\n", ":\r\n", "Message-IDs: c\r\n", "cut").Array[0, 8]
        .Select(parts => string.Concat(parts));

    /// <summary>Message, Received fields, "DMF" for the fields that are there, where the header ends.</summary>
    public static TheoryData<string, int, string, int, bool> Messages => new()
    {
        { "", 0, "", 0, false },
        { "\r\n", 0, "", 0, true },
        { "body\r\n", 0, "", 0, true },
        { "Date: x\r\n\r\nFrom: body\r\n", 0, "D", 9, true },
        { "DATE: x\r\nmessage-id: <a@b>\r\nfrom: c\r\n\r\n", 0, "DMF", 37, true },
        { "Received: a\r\nReceived: b\r\n\tfor c\r\nreceived: d\r\n\r\nReceived: body\r\n", 3, "", 47, true },
        { "Subject: Date: x\r\n Date: folded\r\n\tReceived: folded\r\n\r\n", 0, "", 52, true },
        { "X-Date: x\r\nDated: y\r\nResent-Message-ID: z\r\nReceived-SPF: pass\r\n\r\n", 0, "", 63, true },
        { "Date : blank before the colon\r\n\r\n", 0, "D", 31, true },
        { "Subject: x\r\nno field\r\nDate: x\r\n\r\n", 0, "", 12, true },
        { " Date: blank first\r\n\r\n", 0, "", 0, true },
        { ": no name\r\n\r\n", 0, "", 0, true },
        { "From user Mon Nov 23\r\nDate: x\r\n\r\n", 0, "", 0, true },
        { "Subject: \u00E9\r\n\r\n", 0, "", 13, true },
        { "S\u00FCbject: x\r\n\r\n", 0, "", 0, true },
        { "Date: x\r\n", 0, "D", 9, false },
        { "Date: x\r\nFrom", 0, "D", 9, false },
        { "Date:\r\n\r\n", 0, "D", 7, true },
    };

    [Theory]
    [MemberData(nameof(Messages))]
    public void Header_is_scanned(string message, int received, string has, int length, bool complete)
    {
        var scanner = new HeaderScanner();
        scanner.Scan(Encoding.UTF8.GetBytes(message));
        Assert.Equal((received, has, length, complete), Found(scanner));
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void Every_split_gives_the_same(string message, int received, string has, int length, bool complete)
    {
        var octets = Encoding.UTF8.GetBytes(message);
        for (var at = 0; at <= octets.Length; at++)
        {
            var scanner = new HeaderScanner();
            scanner.Scan(octets.AsSpan(0, at));
            scanner.Scan(octets.AsSpan(at));
            Assert.Equal((received, has, length, complete), Found(scanner));
        }

        var slow = new HeaderScanner();
        foreach (var octet in octets)
        {
            slow.Scan([octet]);
        }

        Assert.Equal((received, has, length, complete), Found(slow));
    }

    [Fact]
    public void Octets_behind_the_header_change_nothing()
    {
        var scanner = new HeaderScanner();
        scanner.Scan("Date: x\r\n\r\n"u8);
        scanner.Scan("Received: x\r\nFrom: y\r\n\r\n"u8);
        Assert.Equal((0, "D", 9, true), Found(scanner));
    }

    [Fact]
    public void Any_message_in_any_chunks_gives_the_same() =>
        Gen.Select(MessageLikeText, Gen.Int[1, 7]).Sample((message, chunk) =>
        {
            var octets = Encoding.UTF8.GetBytes(message);
            var whole = new HeaderScanner();
            whole.Scan(octets);
            var chunks = new HeaderScanner();
            for (var at = 0; at < octets.Length; at += chunk)
            {
                chunks.Scan(octets.AsSpan(at, Math.Min(chunk, octets.Length - at)));
            }

            Assert.Equal(Found(whole), Found(chunks));
            Assert.InRange(whole.HeaderLength, 0, octets.Length);
        });

    [Fact]
    public void Random_octets_never_throw() =>
        Gen.Byte.Array.Sample(octets =>
        {
            var scanner = new HeaderScanner();
            scanner.Scan(octets);
            Assert.InRange(scanner.HeaderLength, 0, octets.Length);
        });

    [Fact]
    public void Message_id_is_made_of_the_queue_id_and_the_host() => Assert.Equal(
        "<0000000000000000000000001Z@xn--bcher-kva.example>",
        HeaderScanner.MessageId(new QueueId(63), DomainName.Parse("b\u00FCcher.example")));

    private static (int Received, string Has, int Length, bool Complete) Found(HeaderScanner scanner) =>
        (scanner.ReceivedCount,
            (scanner.HasDate ? "D" : "") + (scanner.HasMessageId ? "M" : "") + (scanner.HasFrom ? "F" : ""),
            (int)scanner.HeaderLength,
            scanner.IsComplete);
}
