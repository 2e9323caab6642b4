using MailCluster.Mail.Addresses;
using MailCluster.Mail.Identity;
using MailCluster.Storage.Directory;

namespace MailCluster.Actors.Tests.Fakes;

/// <summary>A directory without a domain: all mail is for others.</summary>
internal sealed class EmptyDirectory : IDirectory
{
    public ValueTask<bool> IsLocalDomainAsync(DomainName domain, CancellationToken cancellation) => new(false);

    public ValueTask<Resolution> ResolveAsync(ForwardPath path, CancellationToken cancellation) =>
        new(new Resolution.NotLocal());

    public ValueTask<AccountCredentials?> FindCredentialsAsync(string userName, CancellationToken cancellation) =>
        new((AccountCredentials?)null);

    public ValueTask<bool> MaySendAsAsync(AccountId account, MailAddress address, CancellationToken cancellation) => new(false);

    public ValueTask<AccountInfo?> FindAccountAsync(AccountId account, CancellationToken cancellation) => new((AccountInfo?)null);
}
