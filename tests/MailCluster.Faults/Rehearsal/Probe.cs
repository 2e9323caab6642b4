using System.Net;
using k8s.Models;

namespace MailCluster.Faults.Rehearsal;

/// <summary>One probe of a container, asked and counted as the kubelet does.</summary>
internal sealed class Probe(string name, V1Probe spec, IPAddress pod, V1Container container, Action<string> tell)
{
    private const int DefaultPeriod = 10;
    private const int DefaultFailures = 3;

    private readonly Uri _uri = UriOf(spec.HttpGet, pod, container);

    /// <summary>Asks until it ends, and says each time that so many answers in a row decide it.</summary>
    public async Task WatchAsync(Action<bool> decided, CancellationToken ended)
    {
        using var http = NewClient();
        var (last, run) = ((bool?)null, 0);
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(spec.InitialDelaySeconds ?? 0), ended);
            using var period = new PeriodicTimer(TimeSpan.FromSeconds(spec.PeriodSeconds ?? DefaultPeriod));
            do
            {
                var trouble = await AskAsync(http, ended);
                var passed = trouble is null;
                (last, run) = (passed, passed == last ? run + 1 : 1);
                if (!passed)
                {
                    tell($"{name} probe failed ({run}): {trouble}");
                }

                if (run >= (passed ? spec.SuccessThreshold ?? 1 : spec.FailureThreshold ?? DefaultFailures))
                {
                    decided(passed);
                }
            }
            while (await period.WaitForNextTickAsync(ended));
        }
        catch (OperationCanceledException)
        {
            // The container is not there any more.
        }
    }

    /// <summary>Until it is decided for the first time.</summary>
    public async Task<bool> DecideAsync(CancellationToken ended)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(ended);
        var answer = false;
        await WatchAsync(passed => { answer = passed; enough.Cancel(); }, enough.Token);
        ended.ThrowIfCancellationRequested();
        return answer;
    }

    /// <summary>A connection for each question, as the kubelet makes.</summary>
    private HttpClient NewClient() =>
        new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero, AllowAutoRedirect = false })
        {
            Timeout = TimeSpan.FromSeconds(spec.TimeoutSeconds ?? 1),
        };

    private async Task<string?> AskAsync(HttpClient http, CancellationToken ended)
    {
        try
        {
            using var answer = await http.GetAsync(_uri, ended);
            return (int)answer.StatusCode is >= 200 and < 400
                ? null
                : $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(ended)}";
        }
        catch (Exception silent) when (silent is HttpRequestException
            || (silent is OperationCanceledException && !ended.IsCancellationRequested))
        {
            return silent.Message;
        }
    }

    private static Uri UriOf(V1HTTPGetAction? get, IPAddress pod, V1Container container)
    {
        var port = get?.Port.Value ?? throw new NotSupportedException("the rehearsal asks over HTTP only");
        var number = container.Ports.SingleOrDefault(own => own.Name == port)?.ContainerPort;
        return new Uri($"http://{pod}:{number?.ToString() ?? port}{get.Path}");
    }
}
