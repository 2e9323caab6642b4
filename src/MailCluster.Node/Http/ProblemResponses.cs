namespace MailCluster.Node.Http;

/// <summary>
/// Every error, whoever made it, goes out as problem details (RFC 9457), and an exception without its text.
/// </summary>
internal sealed class ProblemResponses : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            // A partition that does not answer in time, such as in a fail-over, will do so later.
            StatusCodeSelector = failed => failed is TimeoutException
                ? StatusCodes.Status503ServiceUnavailable
                : StatusCodes.Status500InternalServerError,
        });
        app.UseStatusCodePages();
        next(app);
    };
}
