using MailCluster.Imap.Sessions;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Actors.Connections.Imap;

/// <summary>Folders of others, with the rights that the account has in them.</summary>
internal sealed partial class ImapBackend
{
    private Task<EffectAnswer>? AnswerShared(
        SessionEffect effect, AccountId account, CancellationToken cancellation) => effect switch
        {
            SessionEffect.FindFolder e => Read(
                services.Folders.FindSharedAsync(e.Owner, account, e.Name, cancellation),
                folder => new EffectAnswer.Found(folder)),
            SessionEffect.OpenFolder e => Read(
                services.Folders.OpenSharedAsync(e.Owner, account, e.Name, cancellation),
                folder => new EffectAnswer.Opened(folder)),
            SessionEffect.ReadNews e => Read(
                ReadNewsAsync(e.Folder, e.Since, account, cancellation), news => new EffectAnswer.News(news)),
            _ => null,
        };

    private async Task<FolderNews?> ReadNewsAsync(
        FolderId folder, long since, AccountId account, CancellationToken cancellation)
    {
        if (await services.Folders.ReadNewsAsync(folder, since, cancellation) is not { } news)
        {
            return null;
        }

        var rights = await services.Folders.GetSharedRightsAsync(folder, account, cancellation);
        return news with { Folder = news.Folder with { Rights = rights } };
    }

    private async Task<EffectAnswer> ListFoldersAsync(AccountId account, CancellationToken cancellation)
    {
        var own = services.Folders.ListFoldersAsync(account, cancellation);
        var shared = await services.Folders.ListSharedAsync(account, cancellation);
        return new EffectAnswer.Folders(await own) { Shared = shared };
    }

    private async Task<EffectAnswer> FindUserAsync(string address, CancellationToken cancellation) =>
        new EffectAnswer.User(ToLogin(await services.Directory.FindCredentialsAsync(address, cancellation)));
}
