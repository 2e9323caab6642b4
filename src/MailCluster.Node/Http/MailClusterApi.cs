using System.Text.Json;
using System.Text.Json.Serialization;
using MailCluster.Node.Autoconfiguration;
using MailCluster.Node.Configuration;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MailCluster.Node.Http;

/// <summary>
/// What the node answers over HTTP. Needs queue administration, directory, settings, readiness and the view of the
/// cluster among the services.
/// </summary>
internal static class MailClusterApi
{
    /// <summary>How the API writes JSON; its clients read it so.</summary>
    public static readonly JsonSerializerOptions Json = Apply(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    public static IServiceCollection AddMailClusterApi(this IServiceCollection services, MailClusterOptions options)
    {
        services.AddSingleton(ApiToken.Ensure(options.Node.DataFolder));
        services.AddSingleton<IStartupFilter, ProblemResponses>();
        services.AddProblemDetails();
        services.ConfigureHttpJsonOptions(json => Apply(json.SerializerOptions));
        return services;
    }

    public static void MapMailClusterApi(this IEndpointRouteBuilder routes)
    {
        var token = routes.ServiceProvider.GetRequiredService<ApiToken>();
        var api = routes.MapGroup("/api");
        api.AddEndpointFilter(async (context, next) =>
            token.Matches(context.HttpContext.Request.Headers.Authorization)
                ? await next(context)
                : Unauthorized(context.HttpContext.Response));
        QueueEndpoints.Map(api);
        ClusterEndpoints.Map(api);
        MailboxEndpoints.Map(api);
        HealthEndpoints.Map(routes);
        AutoconfigurationEndpoints.Map(routes);
    }

    private static JsonSerializerOptions Apply(JsonSerializerOptions json)
    {
        json.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
        return json;
    }

    private static ProblemHttpResult Unauthorized(HttpResponse response)
    {
        response.Headers.WWWAuthenticate = "Bearer"; // RFC 6750 §3
        return TypedResults.Problem(
            $"the token of the data folder's file {ApiToken.FileName} is needed",
            statusCode: StatusCodes.Status401Unauthorized);
    }
}
