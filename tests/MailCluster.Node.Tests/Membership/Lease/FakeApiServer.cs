using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using k8s;
using MailCluster.Node.Membership.Lease;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MailCluster.Node.Tests.Membership.Lease;

/// <summary>The part of an API server of Kubernetes that knows Leases: get, create, update, and versions that conflict.</summary>
internal sealed class FakeApiServer : IAsyncDisposable
{
    private const string Leases = "/apis/coordination.k8s.io/v1/namespaces/mail/leases";

    private readonly WebApplication _app;
    private readonly List<Kubernetes> _clients = [];
    private readonly Lock _lock = new();
    private readonly Dictionary<string, JsonNode> _leases = [];
    private int _version;

    private FakeApiServer(WebApplication app)
    {
        _app = app;
        app.Use(async (context, next) =>
        {
            Calls.Enqueue($"{context.Request.Method} {context.Request.Path}");
            if (Refuses is { } code)
            {
                context.Response.StatusCode = code;
                return;
            }

            await next();
        });
        app.MapGet(Leases + "/{name}", (string name) => Get(name));
        app.MapPost(Leases, (JsonNode lease) => Put(lease, (string)lease["metadata"]!["name"]!, create: true));
        app.MapPut(Leases + "/{name}", (string name, JsonNode lease) => Put(lease, name, create: false));
    }

    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>The status of every answer; null lets it work.</summary>
    public int? Refuses { get; set; }

    public static async Task<FakeApiServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new FakeApiServer(builder.Build());
        await server._app.StartAsync();
        return server;
    }

    public KubernetesLeaseStore NewStore()
    {
        var client = new Kubernetes(new KubernetesClientConfiguration { Host = _app.Urls.Single() });
        _clients.Add(client);
        return new KubernetesLeaseStore(client.CoordinationV1, "mailcluster", "mail");
    }

    public JsonNode? Lease()
    {
        lock (_lock)
        {
            return _leases.GetValueOrDefault("mailcluster")?.DeepClone();
        }
    }

    public void Delete()
    {
        lock (_lock)
        {
            _leases.Clear();
        }
    }

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(client => client.Dispose());
        await _app.DisposeAsync();
    }

    private IResult Get(string name)
    {
        lock (_lock)
        {
            return _leases.TryGetValue(name, out var lease) ? Results.Json(lease.DeepClone()) : Results.StatusCode(404);
        }
    }

    private IResult Put(JsonNode lease, string name, bool create)
    {
        lock (_lock)
        {
            var there = _leases.GetValueOrDefault(name);
            if (!create && there is null)
            {
                return Results.StatusCode(404);
            }

            var named = (string?)lease["metadata"]!["resourceVersion"];
            if (there is not null && (create || named != (string?)there["metadata"]!["resourceVersion"]))
            {
                return Results.StatusCode(409);
            }

            lease["metadata"]!["resourceVersion"] = (++_version).ToString(CultureInfo.InvariantCulture);
            _leases[name] = lease;
            return Results.Json(lease.DeepClone(), statusCode: create ? 201 : 200);
        }
    }
}
