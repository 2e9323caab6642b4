namespace MailCluster.Smtp.Server;

/// <summary>
/// The limits of RFC 5321 §4.5.3 and of the extensions, each at or above what the standard demands. Those of paths,
/// domains and local-parts (§4.5.3.1.1 to §4.5.3.1.3) belong to the addresses themselves. A text line has none
/// (§4.5.3.1.6 has 1000): content streams by whatever its lines are, and a message that others can read is lost to a
/// limit that only we would keep.
/// </summary>
public static class SmtpLimits
{
    /// <summary>§4.5.3.1.4 has 512; the extensions' parameters and the 500 characters of ORCPT add to it.</summary>
    public const int CommandLine = 2048;

    /// <summary>RFC 4954 §4: base64 of the longest response, with its CRLF.</summary>
    public const int AuthenticationLine = 12_288;

    /// <summary>A name in HELO or EHLO; §4.5.3.1.2.</summary>
    public const int HelloName = 255;

    /// <summary>§4.5.3.1.7: at least 64K octets.</summary>
    public const long MessageSize = 50_000_000;

    /// <summary>§4.5.3.1.8: at least 100.</summary>
    public const int Recipients = 1000;

    /// <summary>
    /// Octets of all forward-paths, their parameters and what aliases made of them, about. The envelope goes to the queue
    /// in one piece, maybe to another node. Recipients alone are no measure: one may have 800 octets, or lead to a
    /// thousand others. §4.5.3.1.8's hundred fit fifty times.
    /// </summary>
    public const int EnvelopeSize = 4 * 1024 * 1024;

    /// <summary>RFC 3461 §4.4.</summary>
    public const int EnvelopeId = 100;

    /// <summary>RFC 3461 §4.2.</summary>
    public const int OriginalRecipient = 500;

    /// <summary>§6.3: at least 100.</summary>
    public const int ReceivedFields = 100;

    /// <summary>MAILMAX of RFC 9422: a queue that empties itself over one connection gets far with it.</summary>
    public const int Transactions = 10_000;

    /// <summary>§4.3.2 leaves it open: a person at a terminal makes fewer, a harvester of addresses more.</summary>
    public const int Errors = 20;

    /// <summary>§4.5.3.2.7: for the next command at least 5 minutes. The host keeps the time.</summary>
    public static readonly TimeSpan CommandTimeout = TimeSpan.FromMinutes(5);

    /// <summary>Between two pieces of content; the sender's own limit for a block is 3 minutes (§4.5.3.2.5).</summary>
    public static readonly TimeSpan ContentTimeout = TimeSpan.FromMinutes(10);
}
