using System.Collections.Immutable;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;
using MailCluster.Storage.Sql;

namespace MailCluster.Storage.Mailboxes;

/// <summary>What is read of folders and messages.</summary>
internal sealed class MailboxQueries : SqlSession
{
    private readonly Statement _isReferenced;
    private readonly Statement _referencedBetween;
    private readonly Statement _usedBytes;
    private readonly Statement _folder;
    private readonly Statement _messages;
    private readonly Statement _message;

    public MailboxQueries(SqlDatabase database)
        : base(database)
    {
        Folders = new FolderQueries(this);
        Access = new AccessQueries(this, Folders);
        Imports = new ImportQueries(this);
        Annotations = new AnnotationQueries(this);
        _isReferenced = Prepare("SELECT 1 FROM message WHERE body_id = @body LIMIT 1");
        _referencedBetween = Prepare("SELECT DISTINCT body_id FROM message WHERE body_id BETWEEN @first AND @last");
        _usedBytes = Prepare("SELECT used_bytes FROM account WHERE id = @account");
        _folder = Prepare("SELECT id, uid_validity FROM folder WHERE account_id = @account AND name = @name");
        _messages = Prepare("SELECT uid, size FROM message WHERE folder_id = @folder ORDER BY uid");
        _message = Prepare(
            "SELECT m.prefix, m.body_id, m.size, m.internal_date FROM folder f JOIN message m ON m.folder_id = f.id"
            + " WHERE f.account_id = @account AND f.name = @name AND m.uid = @uid");
    }

    public FolderQueries Folders { get; }

    public AccessQueries Access { get; }

    public ImportQueries Imports { get; }

    public AnnotationQueries Annotations { get; }

    public bool IsReferenced(BodyId id) => _isReferenced.Scalar(id.ToByteArray()) is not null;

    public HashSet<BodyId> ReferencedBetween(BodyId first, BodyId last)
    {
        using var rows = _referencedBetween.Query(first.ToByteArray(), last.ToByteArray());
        var ids = new HashSet<BodyId>();
        while (rows.Read())
        {
            ids.Add(BodyId.FromBytes(rows.GetFieldValue<byte[]>(0)));
        }

        return ids;
    }

    public long UsedBytes(AccountId account) => (long)(_usedBytes.Scalar(account.Value) ?? 0L);

    public FolderListing? List(AccountId account, string folder)
    {
        long id;
        UidValidity validity;
        using (var rows = _folder.Query(account.Value, folder))
        {
            if (!rows.Read())
            {
                return null;
            }

            id = rows.GetInt64(0);
            validity = new UidValidity((uint)rows.GetInt64(1));
        }

        return new FolderListing(validity, ListMessages(id));
    }

    public StoredMessage? Find(AccountId account, string folder, Uid uid)
    {
        using var rows = _message.Query(account.Value, folder, (long)uid.Value);
        return rows.Read()
            ? new StoredMessage(
                uid,
                rows.GetString(0),
                BodyId.FromBytes(rows.GetFieldValue<byte[]>(1)),
                rows.GetInt64(2),
                DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(3)))
            : null;
    }

    private ImmutableArray<ListedMessage> ListMessages(long folder)
    {
        using var rows = _messages.Query(folder);
        var messages = ImmutableArray.CreateBuilder<ListedMessage>();
        while (rows.Read())
        {
            messages.Add(new ListedMessage(new Uid((uint)rows.GetInt64(0)), rows.GetInt64(1)));
        }

        return messages.DrainToImmutable();
    }
}
