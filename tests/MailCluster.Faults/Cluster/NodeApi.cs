using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace MailCluster.Faults.Cluster;

/// <summary>A node's health and its operator's API.</summary>
/// <param name="address">Of its HTTP listener.</param>
/// <param name="token">The operator's, which a node that has not started yet does not have.</param>
internal sealed class NodeApi(IPAddress address, Func<string> token) : IDisposable
{
    private const int Port = 8080;

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };

    public async Task<bool> IsReadyAsync()
    {
        try
        {
            using var response = await _http.GetAsync(UriOf("/health/ready"));
            return response.IsSuccessStatusCode;
        }
        catch (Exception silent) when (silent is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    /// <summary>Members and local partitions, as this node sees them.</summary>
    public Task<JsonElement> GetClusterAsync() => GetAsync("/api/cluster");

    private async Task<int[]> GetPartitionsAsync() => [.. (await GetClusterAsync()).GetProperty("partitions")
        .EnumerateArray().Select(partition => partition.GetInt32())];

    /// <summary>None while it is silent.</summary>
    public async Task<int[]> TryGetPartitionsAsync()
    {
        try
        {
            return await GetPartitionsAsync();
        }
        catch (Exception silent) when (silent is HttpRequestException or TaskCanceledException or IOException)
        {
            return [];
        }
    }

    public async Task<bool> IsOldestAsync()
    {
        var cluster = await GetClusterAsync();
        return cluster.GetProperty("members").EnumerateArray().Any(member =>
            member.GetProperty("isOldest").GetBoolean()
            && member.GetProperty("address").GetString() == cluster.GetProperty("self").GetString());
    }

    /// <summary>How many members this node sees that are up and reachable.</summary>
    public async Task<int> CountMembersAsync() => (await GetClusterAsync()).GetProperty("members").EnumerateArray()
        .Count(member => member.GetProperty("status").GetString() == "up" && member.GetProperty("reachable").GetBoolean());

    /// <summary>
    /// How many members this node sees that are up and reachable, and how many at all; null while it is silent.
    /// </summary>
    public async Task<(int Up, int All)?> TryCountMembersAsync()
    {
        try
        {
            var all = (await GetClusterAsync()).GetProperty("members").GetArrayLength();
            return (await CountMembersAsync(), all);
        }
        catch (Exception silent) when (silent is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }

    /// <summary>Entries of the whole queue, at most a page of them.</summary>
    public async Task<int> CountQueuedAsync() =>
        (await GetAsync("/api/queue?limit=1000")).GetProperty("entries").GetArrayLength();

    /// <summary>Some entries of the queue, or why there are none, for a person who looks for what went wrong.</summary>
    public async Task<string> DescribeQueueAsync()
    {
        try
        {
            return (await GetAsync("/api/queue?limit=3")).ToString();
        }
        catch (Exception silent) when (silent is HttpRequestException or TaskCanceledException)
        {
            return $"the queue of {address} does not answer: {silent.Message}";
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonElement> GetAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, UriOf(path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token().Trim());
        using var response = await _http.SendAsync(request);
        response.EnsureSuccessStatusCode();
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return json.RootElement.Clone();
    }

    private Uri UriOf(string path) => new($"http://{address}:{Port}{path}");
}
