using MailCluster.Actors.Queue;
using MailCluster.Node.Configuration;
using MailCluster.Node.Http;
using MailCluster.Node.Membership;
using MailCluster.Storage.Directory;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MailCluster.Node.Tests.Fakes;

/// <summary>The node's HTTP listener by itself, on a free port, over a queue of the test.</summary>
internal sealed class ApiHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ApiHost(WebApplication app, string dataFolder)
    {
        _app = app;
        Address = new Uri(app.Urls.Single());
        Token = File.ReadAllText(Path.Combine(dataFolder, ApiToken.FileName));
    }

    public Uri Address { get; }

    public string Token { get; }

    public static async Task<ApiHost> StartAsync(
        IQueueAdministration queue, string dataFolder, FakeCluster? cluster = null)
    {
        cluster ??= new FakeCluster();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(queue);
        builder.Services.AddSingleton<IClusterView>(cluster);
        builder.Services.AddSingleton<IReadiness>(cluster);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IDirectory>(new FakeDirectory());
        var options = new MailClusterOptions { Node = new() { DataFolder = dataFolder } };
        builder.Services.AddSingleton(options);
        builder.Services.AddMailClusterApi(options);
        var app = builder.Build();
        app.MapMailClusterApi();
        await app.StartAsync();
        return new ApiHost(app, dataFolder);
    }

    public HttpClient CreateClient() => new()
    {
        BaseAddress = Address,
        DefaultRequestHeaders = { Authorization = new("Bearer", Token) },
    };

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
