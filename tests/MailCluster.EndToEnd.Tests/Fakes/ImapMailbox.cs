using System.Text;
using MailCluster.Smtp.Tests.Server;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Search;
using MailKit.Security;
using MimeKit;

namespace MailCluster.EndToEnd.Tests.Fakes;

/// <summary>What a user finds by IMAP, with a real client of it.</summary>
internal static class ImapMailbox
{
    public static async Task<ImapClient> OpenImapAsync(this LiveNode node, string user)
    {
        var client = new ImapClient();
        await client.ConnectAsync("127.0.0.1", node["imap"].Port, SecureSocketOptions.None);
        await client.AuthenticateAsync($"{user}@hamburger.edu", DialogText.Passwords[user]);
        return client;
    }

    /// <summary>All messages of a folder, in the order of their UIDs.</summary>
    public static async Task<List<FoundMessage>> ReadFolderAsync(this LiveNode node, string user, string name)
    {
        using var client = await node.OpenImapAsync(user);
        var folder = await client.GetFolderAsync(name);
        await folder.OpenAsync(FolderAccess.ReadOnly);
        var found = new List<FoundMessage>();
        var items = MessageSummaryItems.UniqueId | MessageSummaryItems.Flags | MessageSummaryItems.InternalDate;
        var uids = await folder.SearchAsync(SearchQuery.All);
        foreach (var summary in uids.Count == 0 ? [] : await folder.FetchAsync(uids, items))
        {
            await using var stream = await folder.GetStreamAsync(summary.UniqueId, "");
            using var octets = new MemoryStream();
            await stream.CopyToAsync(octets);
            var flags = string.Join(' ', summary.Keywords.Append(summary.Flags.ToString()).Order(StringComparer.Ordinal));
            found.Add(new FoundMessage(
                Encoding.Latin1.GetString(octets.ToArray()), flags, summary.InternalDate!.Value.ToUniversalTime()));
        }

        return found;
    }

    public static async Task AppendAsync(
        this LiveNode node, string user, string name, string octets, MessageFlags flags, DateTimeOffset date,
        params string[] keywords)
    {
        using var client = await node.OpenImapAsync(user);
        var folder = await client.GetFolderAsync(name);
        using var content = new MemoryStream(Encoding.Latin1.GetBytes(octets));
        var message = await MimeMessage.LoadAsync(content);
        await folder.AppendAsync(new AppendRequest(message, flags, keywords, date));
    }
}

internal sealed record FoundMessage(string Octets, string Flags, DateTimeOffset Date);
