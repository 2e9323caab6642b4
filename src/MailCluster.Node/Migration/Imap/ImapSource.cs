using System.Globalization;
using System.Runtime.CompilerServices;
using MailCluster.Mail.Mailboxes;
using MailCluster.Node.Commands;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Search;

namespace MailCluster.Node.Migration.Imap;

/// <summary>
/// An account of another server, over IMAP. Folders are opened read-only and messages fetched with PEEK, so that nothing
/// changes there. MailKit copes with what servers of all kinds say; no message goes through its parser.
/// </summary>
internal sealed class ImapSource(ImapAccess access) : IMailSource
{
    /// <summary>Messages that are asked for at once.</summary>
    private const int PageSize = 500;

    /// <summary>Octets of a message that are asked for at once, which bounds what is held of it.</summary>
    private const int SliceSize = 4 * 1024 * 1024;

    private readonly ImapClient _client = new() { CheckCertificateRevocation = false, Timeout = (int)access.Timeout.TotalMilliseconds };
    private readonly Dictionary<string, IMailFolder> _folders = [];

    public async Task ConnectAsync(CancellationToken cancellation) => await GuardAsync(async () =>
    {
        await _client.ConnectAsync(access.Host, access.Port, access.Tls, cancellation);
        await _client.AuthenticateAsync(access.User, access.Password, cancellation);
        return true;
    });

    public async Task<IReadOnlyList<SourceFolder>> ListFoldersAsync(CancellationToken cancellation) => await GuardAsync(async () =>
    {
        var subscribed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var space in _client.PersonalNamespaces)
        {
            foreach (var folder in await _client.GetFoldersAsync(space, StatusItems.None, subscribedOnly: false, cancellation))
            {
                _folders.TryAdd(folder.FullName, folder);
            }

            foreach (var folder in await _client.GetFoldersAsync(space, StatusItems.None, subscribedOnly: true, cancellation))
            {
                subscribed.Add(folder.FullName);
            }
        }

        _folders.TryAdd(_client.Inbox.FullName, _client.Inbox);
        var described = new List<SourceFolder>();
        foreach (var folder in _folders.Values.Where(ImapFolders.Exists))
        {
            described.Add(ImapFolders.Describe(folder, _client.PersonalNamespaces) with
            {
                IsSubscribed = subscribed.Contains(folder.FullName),
                Messages = await CountAsync(folder, cancellation),
            });
        }

        return (IReadOnlyList<SourceFolder>)[.. described.OrderBy(folder => folder.Name?.Text, StringComparer.Ordinal)];
    });

    public async IAsyncEnumerable<SourceMessage> ReadAsync(
        SourceFolder folder, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var opened = _folders[folder.Path];
        var uids = await GuardAsync(async () =>
        {
            await opened.OpenAsync(MailKit.FolderAccess.ReadOnly, cancellation);
            return await opened.SearchAsync(SearchQuery.All, cancellation);
        });
        foreach (var page in uids.Order().Chunk(PageSize))
        {
            var summaries = await GuardAsync(async () => await opened.FetchAsync(
                page,
                MessageSummaryItems.UniqueId | MessageSummaryItems.Flags | MessageSummaryItems.InternalDate
                | MessageSummaryItems.Size,
                cancellation));
            foreach (var summary in summaries.OrderBy(summary => summary.UniqueId))
            {
                yield return Describe(opened, summary);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_client.IsConnected)
            {
                await _client.DisconnectAsync(quit: true);
            }
        }
        catch (Exception gone) when (IsTrouble(gone))
        {
            // It is over either way.
        }

        _client.Dispose();
    }

    /// <summary>For the progress bar alone: a server that will not say so is no trouble.</summary>
    private static async Task<long?> CountAsync(IMailFolder folder, CancellationToken cancellation)
    {
        if (folder.Attributes.HasFlag(FolderAttributes.NoSelect))
        {
            return 0;
        }

        try
        {
            await folder.StatusAsync(StatusItems.Count, cancellation);
            return folder.Count;
        }
        catch (CommandException)
        {
            return null;
        }
    }

    private SourceMessage.Readable Describe(IMailFolder folder, IMessageSummary summary)
    {
        var uid = summary.UniqueId;
        var shown = string.Create(CultureInfo.InvariantCulture, $"{folder.FullName}, UID {uid.Id}");
        var key = ImportKey.Of(
            "imap",
            access.Host.ToUpperInvariant(),
            access.User,
            folder.FullName,
            folder.UidValidity.ToString(CultureInfo.InvariantCulture),
            uid.Id.ToString(CultureInfo.InvariantCulture));
        return new SourceMessage.Readable(
            shown,
            key,
            ImapFolders.Flags(summary.Flags ?? MailKit.MessageFlags.None, summary.Keywords),
            summary.InternalDate,
            summary.Size ?? 0,
            (target, token) => CopyAsync(folder, uid, target, token));
    }

    /// <summary>
    /// Slice by slice: the size that a server tells beforehand is not always that of the octets it sends. So a shorter slice
    /// than was asked for is the last.
    /// </summary>
    private async Task CopyAsync(IMailFolder folder, UniqueId uid, Stream target, CancellationToken cancellation)
    {
        var offset = 0;
        while (true)
        {
            var at = offset;
            await using var slice = await GuardAsync(async () =>
            {
                try
                {
                    return await folder.GetStreamAsync(uid, "", at, SliceSize, cancellation);
                }
                catch (MessageNotFoundException gone)
                {
                    throw new IOException("is gone, or cannot be read by its server", gone);
                }
            });
            await slice.CopyToAsync(target, cancellation);
            offset += (int)slice.Length;
            if (slice.Length < SliceSize)
            {
                return;
            }
        }
    }

    /// <summary>Trouble of the connection is the end of the import, which can be started again.</summary>
    private async Task<T> GuardAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception trouble) when (IsTrouble(trouble))
        {
            throw new CommandRefusedException(PlainText.Of($"{access.Host}: {trouble.Message}"));
        }
    }

    private static bool IsTrouble(Exception trouble) =>
        trouble is ProtocolException or CommandException or MailKit.Security.AuthenticationException
            or MailKit.Security.SslHandshakeException or System.Net.Sockets.SocketException or TimeoutException
            or ServiceNotConnectedException or ServiceNotAuthenticatedException or FolderNotFoundException
            or NotSupportedException
        || (trouble is IOException && trouble.InnerException is not MessageNotFoundException);
}
