using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace MailCluster.EndToEnd.Tests.Fakes;

/// <summary>The queue as an operator sees it over HTTP.</summary>
internal static class QueueView
{
    public static async Task<QueuedEntry[]> ListQueueAsync(this LiveNode node)
    {
        var page = await node.Api.GetFromJsonAsync<JsonElement>("/api/queue?limit=1000");
        return page.GetProperty("entries").Deserialize<QueuedEntry[]>(JsonSerializerOptions.Web)!;
    }

    public static Task WaitForEmptyQueueAsync(this LiveNode node) => Patience.WaitForAsync(
        "an empty queue",
        async () => string.Join(", ", (object[])await node.ListQueueAsync()),
        entries => entries.Length == 0);

    /// <summary>The only entry, as soon as it is in this state.</summary>
    public static async Task<QueuedEntry> WaitForEntryAsync(this LiveNode node, string status)
    {
        var entries = await Patience.WaitForAsync(
            $"one {status} entry", node.ListQueueAsync, entries => entries is [var entry] && entry.Status == status);
        return entries[0];
    }

    /// <summary>How often each recipient of the entry was tried.</summary>
    public static async Task<int> CountAttemptsAsync(this LiveNode node, string id)
    {
        var details = await node.Api.GetFromJsonAsync<JsonElement>($"/api/queue/{id}");
        return details.GetProperty("recipients").EnumerateArray().Sum(r => r.GetProperty("attempts").GetInt32());
    }

    public static Task WaitForAttemptsAsync(this LiveNode node, string id, int count) => Patience.WaitForAsync(
        $"{count} attempts of {id}", () => node.CountAttemptsAsync(id), attempts => attempts >= count);

    /// <summary>Does something to an entry, or to all.</summary>
    public static async Task ChangeQueueAsync(this LiveNode node, string pathAndQuery)
    {
        using var response = await node.Api.PostAsync(new Uri("/api/queue/" + pathAndQuery, UriKind.Relative), null);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}

/// <summary>A line of the queue's listing, what tests look at.</summary>
internal sealed record QueuedEntry(
    string Id, string Status, string From, string To, int PendingRecipients, string? LastReply);
