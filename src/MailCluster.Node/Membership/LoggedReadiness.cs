namespace MailCluster.Node.Membership;

/// <summary>
/// Writes down when the answer changes: of a probe that failed, Kubernetes shows the status and never the words.
/// </summary>
internal sealed class LoggedReadiness(IReadiness node, ILogger<LoggedReadiness> logger) : IReadiness
{
    // Never an answer, so that the first one is told.
    private string? _last = "";

    public async Task<string?> FindTroubleAsync(CancellationToken cancellation)
    {
        var trouble = await node.FindTroubleAsync(cancellation);
        if (Interlocked.Exchange(ref _last, trouble) == trouble)
        {
            return trouble;
        }

        if (trouble is null)
        {
            logger.Ready();
        }
        else
        {
            logger.NotReady(trouble);
        }

        return trouble;
    }
}
