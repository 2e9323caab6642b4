using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using MailCluster.Node.Configuration;
using MailCluster.Node.Http;

namespace MailCluster.Node.Commands;

/// <summary>Speaks to the running node's API, with the token of its data folder.</summary>
internal sealed class QueueClient : IDisposable
{
    /// <summary>Longer than the node waits for its own partitions in a fail-over.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(10);

    private readonly HttpClient _client;

    /// <exception cref="CommandRefusedException">There is no token.</exception>
    public QueueClient(MailClusterOptions options)
    {
        var token = Path.Combine(options.Node.DataFolder, ApiToken.FileName);
        if (!File.Exists(token))
        {
            throw new CommandRefusedException(
                $"there is no {token}: a node that runs makes it; --data tells where its data is");
        }

        _client = new HttpClient { BaseAddress = AddressOf(options.Http), Timeout = Timeout };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", SecretFile.Read(token));
    }

    /// <exception cref="CommandRefusedException">No node, or a node that refuses.</exception>
    public Task<T> GetAsync<T>(string path, CancellationToken cancellation) =>
        SendAsync<T>(HttpMethod.Get, path, null, cancellation);

    /// <exception cref="CommandRefusedException">No node, or a node that refuses.</exception>
    public Task<T> PostAsync<T>(string path, CancellationToken cancellation) =>
        SendAsync<T>(HttpMethod.Post, path, null, cancellation);

    /// <exception cref="CommandRefusedException">No node, or a node that refuses.</exception>
    public Task<T> PostAsync<T>(string path, HttpContent content, CancellationToken cancellation) =>
        SendAsync<T>(HttpMethod.Post, path, content, cancellation);

    /// <summary>Copies an answer as it comes; false where what is asked for is not there.</summary>
    /// <exception cref="CommandRefusedException">No node, or a node that refuses, or the answer ends too early.</exception>
    public async Task<bool> CopyAsync(string path, Stream target, CancellationToken cancellation)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (response.IsSuccessStatusCode)
            {
                await response.Content.CopyToAsync(target, cancellation);
                return true;
            }

            return response.StatusCode == HttpStatusCode.NotFound
                ? false
                : throw new CommandRefusedException(await DescribeAsync(response, cancellation));
        }
        catch (HttpRequestException failed)
        {
            throw Unreachable(failed);
        }
    }

    public void Dispose() => _client.Dispose();

    private static Uri AddressOf(HttpSection http)
    {
        var everywhere = http.Address.Equals(IPAddress.Any) || http.Address.Equals(IPAddress.IPv6Any);
        var address = everywhere ? IPAddress.Loopback : http.Address;
        return new UriBuilder(Uri.UriSchemeHttp, address.ToString(), http.Port).Uri;
    }

    private async Task<T> SendAsync<T>(
        HttpMethod method, string path, HttpContent? content, CancellationToken cancellation)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path) { Content = content };
            using var response = await _client.SendAsync(request, cancellation);
            return response.IsSuccessStatusCode
                ? (await response.Content.ReadFromJsonAsync<T>(MailClusterApi.Json, cancellation))!
                : throw new CommandRefusedException(await DescribeAsync(response, cancellation));
        }
        catch (HttpRequestException failed)
        {
            throw Unreachable(failed);
        }
        catch (TaskCanceledException late) when (late.InnerException is TimeoutException)
        {
            throw new CommandRefusedException($"the node at {_client.BaseAddress} did not answer in time");
        }
        catch (JsonException)
        {
            throw new CommandRefusedException(
                $"what answers at {_client.BaseAddress} is no MailCluster node of this version");
        }
    }

    private CommandRefusedException Unreachable(HttpRequestException failed) => new(
        $"no node answers at {_client.BaseAddress}: does it run, with the same Http:Port? ({failed.Message})");

    private static async Task<string> DescribeAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellation));
            if (problem.RootElement.TryGetProperty("detail", out var detail) && detail.GetString() is { } text)
            {
                return text;
            }
        }
        catch (JsonException)
        {
            // Not the words of a node: the status must do.
        }

        return $"the node answered {(int)response.StatusCode} {response.ReasonPhrase}";
    }
}
