using System.Globalization;
using System.Text;

namespace MailCluster.Benchmarks.Imap;

/// <summary>
/// A message made from its number, so that both servers hold the same ones. Each has words of its own, like real mail:
/// a store that compresses or shares bodies gains no more here than there.
/// </summary>
internal sealed class ImapMessage
{
    /// <summary>In the subject of every hundredth message.</summary>
    public const string SubjectWord = "needle";

    /// <summary>In the body of every hundredth message.</summary>
    public const string BodyWord = "haystack";

    /// <summary>Every so many messages have what is searched for.</summary>
    public const int SearchedEvery = 100;

    /// <summary>Every so many messages are \Flagged.</summary>
    public const int FlaggedEvery = 10;

    private const int LineLength = 72;

    private ImapMessage(int number, byte[] withLineEnd)
    {
        Flagged = number % FlaggedEvery == 0;
        WithLineEnd = withLineEnd;
    }

    /// <summary>Its size, without the line end of the command around it.</summary>
    public int Octets => WithLineEnd.Length - 2;

    public bool Flagged { get; }

    /// <summary>The message and the CRLF that ends the APPEND command.</summary>
    public ReadOnlyMemory<byte> WithLineEnd { get; }

    public static ImapMessage Create(int number, int octets)
    {
        var text = new StringBuilder(octets + 2);
        var searched = number % SearchedEvery == 0;
        text.Append(
            CultureInfo.InvariantCulture,
            $"""
            Received: from source.example by mail.{ImapAccounts.Domain} with ESMTPS id {number:D8};
             Mon, 23 Nov 2026 10:{number / 60 % 60:D2}:{number % 60:D2} +0000
            From: Sender {number % 97} <sender{number % 97}@source.example>
            To: Reader <{ImapAccounts.Of(0)}>, Other <other@source.example>
            Subject: Report {number} about {(searched ? SubjectWord : "nothing")}
            Date: Mon, 23 Nov 2026 10:{number / 60 % 60:D2}:{number % 60:D2} +0000
            Message-ID: <{number}@source.example>
            MIME-Version: 1.0
            Content-Type: text/plain; charset=us-ascii


            """);
        text.Replace("\r", "").Replace("\n", "\r\n");
        text.Append(searched ? BodyWord : "nothing").Append("\r\n");
        AppendWords(text, new Random(number), octets);
        return new(number, Encoding.ASCII.GetBytes(text.Append("\r\n").ToString()));
    }

    private static void AppendWords(StringBuilder text, Random random, int octets)
    {
        const int LongestWord = 9;
        var column = 0;
        while (text.Length < octets - 2)
        {
            for (var i = random.Next(1, LongestWord); i > 0 && text.Length < octets - 2; i--, column++)
            {
                text.Append((char)('a' + random.Next('z' - 'a' + 1)));
            }

            if (text.Length < octets - (2 * LongestWord))
            {
                text.Append(column < LineLength ? " " : "\r\n");
                column = column < LineLength ? column + 1 : 0;
            }
        }

        text.Append("\r\n");
    }
}
