using System.Text;
using MailCluster.Node.Migration;

namespace MailCluster.Node.Tests.Migration;

/// <summary>All that a source has, with octets.</summary>
internal static class SourceReading
{
    public static async Task<List<(SourceFolder Folder, List<ReadMessage> Messages)>> ReadAllAsync(this IMailSource source)
    {
        var all = new List<(SourceFolder, List<ReadMessage>)>();
        foreach (var folder in await source.ListFoldersAsync(default))
        {
            var messages = new List<ReadMessage>();
            if (folder.Name is not null)
            {
                await foreach (var message in source.ReadAsync(folder, default))
                {
                    messages.Add(await ReadAsync(message));
                }
            }

            all.Add((folder, messages));
        }

        return all;
    }

    private static async Task<ReadMessage> ReadAsync(SourceMessage message)
    {
        if (message is not SourceMessage.Readable readable)
        {
            return new ReadMessage("", "", default, ((SourceMessage.Unreadable)message).Reason, message.Name);
        }

        using var octets = new MemoryStream();
        await readable.WriteToAsync(octets, default);
        return new ReadMessage(
            Encoding.Latin1.GetString(octets.ToArray()), readable.Flags, readable.InternalDate, readable.Key.ToString(), message.Name);
    }
}

/// <param name="KeyOrReason">The key of one that could be read, the reason of one that could not.</param>
internal sealed record ReadMessage(string Octets, string Flags, DateTimeOffset? Date, string KeyOrReason, string Name);
