using MailCluster.Mail.Identity;
using MailCluster.Mail.Search;
using MailCluster.Storage.Spool;

namespace MailCluster.Storage.Search;

/// <summary>Texts straight from the spooled bodies, each of which is only held in chunks.</summary>
internal static class BodyTexts
{
    /// <summary>Null where the body is gone.</summary>
    public static async Task<SearchableText?> ReadTextAsync(
        this ISpool spool, BodyId body, SearchLimits limits, CancellationToken cancellation)
    {
        if (await spool.OpenAsync(body, cancellation).ConfigureAwait(false) is not { } reader)
        {
            return null;
        }

        var stream = new SpoolStream(reader);
        await using (stream.ConfigureAwait(false))
        {
            return await SearchableText.ReadAsync(stream, limits, cancellation).ConfigureAwait(false);
        }
    }
}
