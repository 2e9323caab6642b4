using Akka.Actor;
using MailCluster.Actors.Connections.Compression;
using MailCluster.Storage.Directory;
using MailCluster.Storage.Mailboxes;
using MailCluster.Storage.Search;
using MailCluster.Storage.Spool;

namespace MailCluster.Actors.Connections.Imap;

/// <summary>What all IMAP connections of a node share.</summary>
/// <param name="MailboxRegion">Takes messages for Mailbox actors.</param>
/// <param name="Partitions">Of the queue: a new body belongs to one of them, which removes it where nobody came to need it.</param>
/// <param name="IdleTimeout">RFC 9051 §5.4: at least 30 minutes for those who are logged in.</param>
/// <param name="LoginTimeout">For those who are not.</param>
/// <param name="AskTimeout">How long a Mailbox is waited for, over a fail-over.</param>
/// <param name="AskRetry">Between two questions to the Mailbox.</param>
public sealed record ImapConnectionServices(
    IDirectory Directory, IFolderReader Folders, StructureCache Structures, TextSearch Texts, ISpool Spool,
    IActorRef MailboxRegion, int Partitions, TimeProvider Time, TimeSpan IdleTimeout, TimeSpan LoginTimeout,
    TimeSpan AskTimeout, TimeSpan AskRetry)
{
    /// <summary>RFC 4978.</summary>
    public CompressionSlots Compression { get; init; } = new(0);
}
