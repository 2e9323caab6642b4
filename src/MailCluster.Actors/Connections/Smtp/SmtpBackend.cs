using MailCluster.Mail.Addresses;
using MailCluster.Mail.Envelopes;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Replies;
using MailCluster.Smtp.Server;
using MailCluster.Storage;
using MailCluster.Storage.Directory;
using MailCluster.Storage.Spool;

namespace MailCluster.Actors.Connections.Smtp;

/// <summary>
/// Answers a session's questions from directory and spool. Keeps no state of any session; safe for any number of
/// threads. Answers that the cache knows come back completed, so that a pipelined transaction costs no thread switch.
/// </summary>
public sealed class SmtpBackend(
    IDirectory directory, IDirectoryAdministration domains, ISpool spool, DomainName ownName)
{
    public ISpoolWriter CreateBody(QueueId id) => spool.Create(id.Body);

    /// <summary>RFC 6409 §6.1: who is logged in sends with an address of its own; a notice has none.</summary>
    public async ValueTask<EffectAnswer> CheckSenderAsync(
        ReversePath path, LoginAccount? login, CancellationToken cancellation)
    {
        if (login is null || path.Address is not { } address)
        {
            return SenderOk;
        }

        try
        {
            return await directory.MaySendAsAsync(login.Id, address, cancellation) ? SenderOk : NotYourAddress;
        }
        catch (StorageException)
        {
            return new EffectAnswer.Verdict(DirectoryTrouble);
        }
    }

    /// <summary>RFC 5321 §3.6.1: mail for others is relayed only for those who may; §7.2 on unknown users.</summary>
    public async ValueTask<EffectAnswer> CheckRecipientAsync(
        ForwardPath path, bool mayRelay, CancellationToken cancellation)
    {
        try
        {
            return await ResolveAsync(path, cancellation) switch
            {
                Resolution.Found found => new EffectAnswer.Recipient(found.Recipients, null),
                Resolution.NoSuchUser => NoSuchUser,
                Resolution.BadAlias => BadAlias,
                _ when mayRelay => new EffectAnswer.Recipient(
                    [new ResolvedRecipient(path, new DeliveryTarget.Remote(path.Domain))], null),
                _ => RelayingDenied,
            };
        }
        catch (StorageException)
        {
            return new EffectAnswer.Recipient([], DirectoryTrouble);
        }
    }

    /// <summary>
    /// RFC 5321 §4.5.1: mail for the bare postmaster, who has this server's own name as domain, always has somebody who
    /// reads it: where that name is no mail domain of ours, the postmaster of the first one.
    /// </summary>
    private ValueTask<Resolution> ResolveAsync(ForwardPath path, CancellationToken cancellation)
    {
        return path.Domain == ownName && path.Address.LocalPart.Equals("postmaster", StringComparison.OrdinalIgnoreCase)
            ? ResolvePostmasterAsync()
            : directory.ResolveAsync(path, cancellation);

        async ValueTask<Resolution> ResolvePostmasterAsync()
        {
            var found = await directory.ResolveAsync(path, cancellation);
            if (found is not Resolution.NotLocal)
            {
                return found;
            }

            var ours = await domains.ListDomainsAsync(cancellation);
            return ours.IsEmpty
                ? found
                : await directory.ResolveAsync(new ForwardPath(path.Address with { Domain = ours[0] }), cancellation);
        }
    }

    public async ValueTask<EffectAnswer> FindCredentialsAsync(string userName, CancellationToken cancellation)
    {
        try
        {
            var found = await directory.FindCredentialsAsync(userName, cancellation);
            return new EffectAnswer.Credentials(ToLogin(found), found?.Verifier, StoreFailed: false);
        }
        catch (StorageException)
        {
            return new EffectAnswer.Credentials(null, null, StoreFailed: true);
        }
    }

    public async ValueTask<EffectAnswer> CheckPasswordAsync(
        string userName, string password, CancellationToken cancellation)
    {
        try
        {
            var found = await PasswordCheck.RunAsync(directory, userName, password, cancellation);
            return new EffectAnswer.PasswordChecked(ToLogin(found), StoreFailed: false);
        }
        catch (StorageException)
        {
            return new EffectAnswer.PasswordChecked(null, StoreFailed: true);
        }
    }

    private static readonly EffectAnswer.Verdict SenderOk =
        new(new Reply(ReplyCode.Ok, EnhancedStatusCode.SenderOk, "Sender ok"));

    private static readonly EffectAnswer.Verdict NotYourAddress = new(new Reply(
        ReplyCode.MailboxNameNotAllowed, EnhancedStatusCode.DeliveryNotAuthorized, "Sender address is not yours"));

    private static readonly EffectAnswer.Recipient NoSuchUser = new(
        [], new Reply(ReplyCode.MailboxUnavailable, EnhancedStatusCode.NoSuchMailbox, "No such user here"));

    private static readonly EffectAnswer.Recipient BadAlias = new(
        [], new Reply(ReplyCode.MailboxUnavailable, EnhancedStatusCode.RoutingLoop, "Alias leads nowhere"));

    private static readonly EffectAnswer.Recipient RelayingDenied = new(
        [], new Reply(ReplyCode.TransactionFailed, EnhancedStatusCode.DeliveryNotAuthorized, "Relaying denied"));

    private static readonly Reply DirectoryTrouble = new(
        ReplyCode.LocalError, EnhancedStatusCode.SystemNotAccepting, "Directory not available, try again later");

    private static LoginAccount? ToLogin(AccountCredentials? found) =>
        found is null ? null : new LoginAccount(found.Account, found.Address.ToString());
}
