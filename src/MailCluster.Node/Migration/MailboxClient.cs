using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using MailCluster.Actors.Mailboxes;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Mailboxes;
using MailCluster.Node.Commands;
using MailCluster.Node.Http;

namespace MailCluster.Node.Migration;

/// <summary>The mail of one account, as the running node lets an operator have it.</summary>
/// <exception cref="CommandRefusedException">Every member: no node, or a node that refuses.</exception>
internal sealed class MailboxClient(QueueClient node, MailAddress account)
{
    /// <summary>Octets of flags in a request, whose first line may have 8 KiB.</summary>
    private const int MaxFlags = 4000;

    public Task<MailboxJson> ListFoldersAsync(CancellationToken cancellation) =>
        node.GetAsync<MailboxJson>(Path("folders"), cancellation);

    public async Task<FolderOutcome> CreateFolderAsync(FolderName name, string? specialUse, CancellationToken cancellation)
    {
        var query = specialUse is null ? "" : $"&specialUse={Uri.EscapeDataString(specialUse)}";
        var path = Path("folders") + $"&name={Uri.EscapeDataString(name.Text)}" + query;
        return (await node.PostAsync<FolderAnswerJson>(path, cancellation)).Outcome;
    }

    public async Task<FolderOutcome> SubscribeAsync(FolderName name, CancellationToken cancellation)
    {
        var path = Path("subscriptions") + $"&name={Uri.EscapeDataString(name.Text)}";
        return (await node.PostAsync<FolderAnswerJson>(path, cancellation)).Outcome;
    }

    /// <summary>Those of the messages that came in a run before.</summary>
    public async Task<HashSet<ImportKey>> FindImportedAsync(IEnumerable<ImportKey> keys, CancellationToken cancellation)
    {
        using var content = JsonContent.Create(new ImportedJson([.. keys.Select(key => key.ToString())]), options: MailClusterApi.Json);
        var answer = await node.PostAsync<ImportedJson>(Path("imported"), content, cancellation);
        return [.. answer.Keys.Select(text => ImportKey.TryParse(text, out var key)
            ? key
            : throw new CommandRefusedException("the node answered with a key that is none"))];
    }

    /// <exception cref="IOException">The message could not be read.</exception>
    public async Task<ImportAnswer> ImportAsync(
        FolderName folder, SourceMessage.Readable message, string flags, CancellationToken cancellation)
    {
        var escapedFlags = Uri.EscapeDataString(flags);
        if (escapedFlags.Length > MaxFlags)
        {
            return ImportAnswer.TooManyKeywords;
        }

        var date = message.InternalDate is { } at
            ? $"&date={Uri.EscapeDataString(at.ToUniversalTime().ToString("o", CultureInfo.InvariantCulture))}"
            : "";
        var path = Path("messages")
            + $"&folder={Uri.EscapeDataString(folder.Text)}&key={message.Key}&flags={escapedFlags}{date}";
        using var content = new MessageContent(message);
        try
        {
            return (await node.PostAsync<ImportAnswerJson>(path, content, cancellation)).Answer;
        }
        catch (Exception) when (content.Trouble is { } trouble)
        {
            throw trouble is CommandRefusedException ? trouble : new IOException(trouble.Message, trouble);
        }
    }

    public async Task<IReadOnlyList<MessageJson>> ListMessagesAsync(
        string folder, uint after, CancellationToken cancellation)
    {
        var query = $"&folder={Uri.EscapeDataString(folder)}&after={after.ToString(CultureInfo.InvariantCulture)}";
        return (await node.GetAsync<MessagePageJson>(Path("messages") + query, cancellation)).Messages;
    }

    /// <summary>False where the message is gone.</summary>
    public Task<bool> ReadAsync(string folder, uint uid, Stream target, CancellationToken cancellation) => node.CopyAsync(
        Path(string.Create(CultureInfo.InvariantCulture, $"messages/{uid}")) + $"&folder={Uri.EscapeDataString(folder)}",
        target, cancellation);

    private string Path(string what) => $"/api/mailbox/{what}?account={Uri.EscapeDataString(account.ToString())}";

    /// <summary>The octets of a message on their way; remembers whose fault it was that they ended.</summary>
    private sealed class MessageContent : HttpContent
    {
        private readonly SourceMessage.Readable _message;

        public MessageContent(SourceMessage.Readable message)
        {
            _message = message;
            Headers.ContentType = new MediaTypeHeaderValue("message/rfc822");
        }

        public Exception? Trouble { get; private set; }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(
            Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            var target = new TargetStream(stream);
            try
            {
                await _message.WriteToAsync(target, cancellationToken);
            }
            catch (Exception unreadable) when (!target.HasFailed)
            {
                Trouble = unreadable;
                throw;
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
