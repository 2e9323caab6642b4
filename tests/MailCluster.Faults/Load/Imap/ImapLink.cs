using System.Globalization;
using System.Net.Sockets;
using System.Text;
using MailCluster.Faults.Cluster;

namespace MailCluster.Faults.Load.Imap;

/// <summary>One connection to a node, logged in with QRESYNC on. Text is Latin-1: a character is an octet.</summary>
internal sealed class ImapLink : IDisposable
{
    /// <summary>Above the 30 seconds that a node waits for a Mailbox.</summary>
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(3);

    private readonly TcpClient _client;
    private readonly StreamReader _reader;
    private readonly int _kills;
    private int _commands;

    private ImapLink(ClusterNode node, TcpClient client)
    {
        Node = node;
        _kills = node.Kills;
        _client = client;
        _reader = new StreamReader(client.GetStream(), Encoding.Latin1);
    }

    public ClusterNode Node { get; }

    /// <summary>Its end needs no other explanation.</summary>
    public bool NodeWasKilled => Node.Kills != _kills;

    /// <exception cref="IOException">And <see cref="SocketException"/>: nobody is there, or the node went away.</exception>
    public static async Task<ImapLink> OpenAsync(ClusterNode node, string user)
    {
        var client = new TcpClient { NoDelay = true };
        try
        {
            using var patience = new CancellationTokenSource(ConnectPatience);
            await client.ConnectAsync(node.Imap, patience.Token);
            var link = new ImapLink(node, client);
            await link.ReadAsync(AnswerPatience); // the greeting
            await link.MustAsync($"LOGIN {user}@{FaultCluster.Domain} {FaultCluster.Password}");
            await link.MustAsync("ENABLE QRESYNC");
            return link;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    public async Task<ImapReply> SayAsync(string command, string literal = "")
    {
        var tag = string.Create(CultureInfo.InvariantCulture, $"t{++_commands}");
        await WriteAsync($"{tag} {command}\r\n{literal}{(literal.Length > 0 ? "\r\n" : "")}");
        var untagged = new List<string>();
        while (true)
        {
            var line = await ReadAsync(AnswerPatience);
            if (line.StartsWith(tag + " ", StringComparison.Ordinal))
            {
                return new ImapReply(line[(tag.Length + 1)..], untagged);
            }

            untagged.Add(line);
        }
    }

    /// <summary>A response with its literals.</summary>
    /// <exception cref="OperationCanceledException">None came in time.</exception>
    public async Task<string> ReadAsync(TimeSpan patience, CancellationToken cancellation = default)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        either.CancelAfter(patience);
        var response = new StringBuilder();
        while (true)
        {
            var line = await _reader.ReadLineAsync(either.Token) ?? throw new IOException("closed");
            response.Append(line);
            if (!line.EndsWith('}'))
            {
                return response.ToString();
            }

            var literal = new char[int.Parse(line[(line.LastIndexOf('{') + 1)..^1], CultureInfo.InvariantCulture)];
            if (await _reader.ReadBlockAsync(literal, either.Token) < literal.Length)
            {
                throw new IOException("closed within a literal");
            }

            response.Append("\r\n").Append(literal);
        }
    }

    public async Task WriteAsync(string text) => await _client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(text));

    public void Dispose()
    {
        _reader.Dispose();
        _client.Dispose();
    }

    private async Task MustAsync(string command)
    {
        var reply = await SayAsync(command);
        if (!reply.IsOk)
        {
            throw new FaultException($"node {Node.Number} answered {command.Split(' ')[0]} with {reply.Tagged}");
        }
    }
}

/// <summary>What a command was answered with.</summary>
/// <param name="Tagged">The last line, without its tag.</param>
/// <param name="Untagged">Those before.</param>
internal sealed record ImapReply(string Tagged, IReadOnlyList<string> Untagged)
{
    public bool IsOk => Tagged.StartsWith("OK", StringComparison.Ordinal);

    public bool IsUnavailable => Tagged.StartsWith("NO [UNAVAILABLE]", StringComparison.Ordinal);
}
