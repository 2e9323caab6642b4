using System.Collections.Immutable;
using System.Globalization;
using MailCluster.Mail.Replies;

namespace MailCluster.Smtp.Client;

/// <summary>What the server said in its answer to EHLO (RFC 5321 §4.1.1.1).</summary>
public sealed record ServerCapabilities
{
    /// <summary>A server that knows only HELO.</summary>
    public static readonly ServerCapabilities None = new();

    public bool StartTls { get; private init; }

    public bool Pipelining { get; private init; }

    public bool EightBitMime { get; private init; }

    public bool Utf8 { get; private init; }

    public bool Dsn { get; private init; }

    public bool Chunking { get; private init; }

    public bool BinaryMime { get; private init; }

    /// <summary>SIZE is known; RFC 1870 §6.</summary>
    public bool Size { get; private init; }

    /// <summary>The largest message; null without bound.</summary>
    public long? MaxSize { get; private init; }

    public ImmutableArray<string> Mechanisms { get; private init; } = [];

    public static ServerCapabilities Parse(Reply reply)
    {
        var known = None;
        foreach (var line in reply.Lines.Skip(1))
        {
            known = known.With(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        }

        return known;
    }

    private ServerCapabilities With(string[] words) => words switch
    {
        [var keyword, .. var arguments] => keyword.ToUpperInvariant() switch
        {
            "STARTTLS" => this with { StartTls = true },
            "PIPELINING" => this with { Pipelining = true },
            "8BITMIME" => this with { EightBitMime = true },
            "SMTPUTF8" => this with { Utf8 = true },
            "DSN" => this with { Dsn = true },
            "CHUNKING" => this with { Chunking = true },
            "BINARYMIME" => this with { BinaryMime = true },
            "SIZE" => this with { Size = true, MaxSize = ParseSize(arguments) },
            "AUTH" => this with { Mechanisms = [.. arguments.Select(a => a.ToUpperInvariant())] },
            _ => this,
        },
        _ => this,
    };

    /// <summary>RFC 1870 §4: 0 and nothing mean that there is no fixed limit.</summary>
    private static long? ParseSize(string[] arguments) =>
        arguments is [var text, ..]
        && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
        && size > 0
            ? size
            : null;
}
