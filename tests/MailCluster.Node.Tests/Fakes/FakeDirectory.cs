using MailCluster.Mail.Addresses;
using MailCluster.Mail.Identity;
using MailCluster.Storage.Directory;

namespace MailCluster.Node.Tests.Fakes;

/// <summary>One domain without users.</summary>
internal sealed class FakeDirectory : IDirectory
{
    public static readonly DomainName Domain = DomainName.Parse("hamburger.edu");

    public ValueTask<bool> IsLocalDomainAsync(DomainName domain, CancellationToken cancellation) => new(domain == Domain);

    public ValueTask<Resolution> ResolveAsync(ForwardPath path, CancellationToken cancellation) =>
        new(new Resolution.NoSuchUser());

    public ValueTask<AccountCredentials?> FindCredentialsAsync(string userName, CancellationToken cancellation) =>
        new((AccountCredentials?)null);

    public ValueTask<bool> MaySendAsAsync(AccountId account, MailAddress address, CancellationToken cancellation) => new(false);

    public ValueTask<AccountInfo?> FindAccountAsync(AccountId account, CancellationToken cancellation) =>
        new((AccountInfo?)null);
}
