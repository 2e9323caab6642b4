using MailCluster.Mail.Identity;
using MailCluster.Storage.Mailboxes;

namespace MailCluster.Actors.Mailboxes;

/// <summary>What all Mailbox actors of a node share.</summary>
/// <param name="PassivateAfter">An actor that nobody spoke to for so long stops; its account's data are in the store.</param>
public sealed record MailboxServices(IMailboxStore Store, IFolderStore Folders, TimeSpan PassivateAfter)
{
    /// <summary>Told of each body that came into a folder, when that is durable: its text is to be searched. Never waits.</summary>
    public Action<BodyId> Stored { get; init; } = static _ => { };
}
