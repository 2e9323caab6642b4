using MailCluster.Storage.Directory;
using MailCluster.Storage.Sql;

namespace MailCluster.Storage.Mailboxes;

/// <summary>What the group writer of the mail database can do: mailboxes and directory share the database.</summary>
internal sealed class MailChanges : SqlSession
{
    public MailChanges(SqlDatabase database)
        : base(database)
    {
        Mailboxes = new MailboxChanges(this);
        Deliveries = new DeliveryLog(this);
        Directory = new DirectoryChanges(this);
    }

    public MailboxChanges Mailboxes { get; }

    public DeliveryLog Deliveries { get; }

    public DirectoryChanges Directory { get; }
}
