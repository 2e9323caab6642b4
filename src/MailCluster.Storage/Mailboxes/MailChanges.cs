using MailCluster.Mail.Identity;
using MailCluster.Storage.Directory;
using MailCluster.Storage.Search;
using MailCluster.Storage.Sql;

namespace MailCluster.Storage.Mailboxes;

/// <summary>What the group writer of the mail database can do: mailboxes and directory share the database.</summary>
internal sealed class MailChanges : SqlSession
{
    public MailChanges(SqlDatabase database)
        : base(database)
    {
        Texts = new TextChanges(this);
        Access = new AccessChanges(this);
        Mailboxes = new MailboxChanges(this, Texts, Access);
        Messages = new MessageChanges(this, Texts);
        Folders = new FolderChanges(this);
        Annotations = new AnnotationChanges(this);
        Deliveries = new DeliveryLog(this);
        Imports = new ImportLog(this);
        Directory = new DirectoryChanges(this);
    }

    /// <summary>Does the work under the rights of this account; of the owner where it is null.</summary>
    public TResult As<TState, TResult>(AccountId? asker, TState state, Func<MailChanges, TState, TResult> work)
    {
        Mailboxes.Asker = asker;
        try
        {
            return work(this, state);
        }
        finally
        {
            Mailboxes.Asker = null;
        }
    }

    public AccessChanges Access { get; }

    public MailboxChanges Mailboxes { get; }

    public MessageChanges Messages { get; }

    public FolderChanges Folders { get; }

    public AnnotationChanges Annotations { get; }

    public TextChanges Texts { get; }

    public DeliveryLog Deliveries { get; }

    public ImportLog Imports { get; }

    public DirectoryChanges Directory { get; }
}
