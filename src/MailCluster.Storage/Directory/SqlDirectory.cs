using MailCluster.Mail.Addresses;
using MailCluster.Mail.Envelopes;
using MailCluster.Mail.Identity;
using MailCluster.Storage.Sql;

namespace MailCluster.Storage.Directory;

/// <summary>The directory as listeners ask it: from the cache, at once, and from the database where that has nothing.</summary>
internal sealed class SqlDirectory(Reads<DirectoryQueries> reads, DirectoryCache cache) : IDirectory
{
    public ValueTask<bool> IsLocalDomainAsync(DomainName domain, CancellationToken cancellation) =>
        AnswerAsync(answers => answers.Domains, domain, static (queries, name) => queries.IsDomain(name), cancellation);

    public ValueTask<Resolution> ResolveAsync(ForwardPath path, CancellationToken cancellation) =>
        AnswerAsync(
            static answers => answers.Resolutions,
            path,
            static (queries, path) => new AliasExpansion(queries).Resolve(path.Address),
            cancellation);

    public ValueTask<AccountCredentials?> FindCredentialsAsync(string userName, CancellationToken cancellation) =>
        AnswerAsync(static answers => answers.Credentials, userName, FindCredentials, cancellation);

    public async ValueTask<bool> MaySendAsAsync(
        AccountId account, MailAddress address, CancellationToken cancellation)
    {
        var resolution = await ResolveAsync(new ForwardPath(address), cancellation).ConfigureAwait(false);
        return resolution is Resolution.Found found
            && found.Recipients.Any(to => to.Target is DeliveryTarget.Mailbox mailbox && mailbox.Account == account);
    }

    public ValueTask<AccountInfo?> FindAccountAsync(AccountId account, CancellationToken cancellation) =>
        AnswerAsync(static answers => answers.Accounts, account, static (queries, id) => queries.Account(id), cancellation);

    private static AccountCredentials? FindCredentials(DirectoryQueries queries, string userName) =>
        MailAddress.TryParse(userName, allowUtf8: true, out var address)
            ? queries.Credentials(address with { LocalPart = LocalPart.Normalize(address.LocalPart) })
            : null;

    private async ValueTask<TValue> AnswerAsync<TKey, TValue>(
        Func<DirectoryAnswers, RecentCache<TKey, TValue>> choose,
        TKey key,
        Func<DirectoryQueries, TKey, TValue> query,
        CancellationToken cancellation)
        where TKey : notnull
    {
        cancellation.ThrowIfCancellationRequested();
        var known = choose(await cache.CurrentAsync().ConfigureAwait(false));
        if (!known.TryGet(key, out var answer))
        {
            answer = await reads.ReadAsync(key, query, cancellation).ConfigureAwait(false);
            known.Add(key, answer);
        }

        return answer;
    }
}
