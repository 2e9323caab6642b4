using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;
using MailCluster.Storage.Sql;

namespace MailCluster.Storage.Mailboxes;

/// <summary>The names of folders, subscriptions and structures, as the group writer of the mail database changes them.</summary>
internal sealed class FolderChanges(SqlSession session)
{
    private readonly Statement _folders = session.Prepare(
        "SELECT id, name, special_use, uid_validity, owner_rights FROM folder WHERE account_id = @account AND name >= ' '");

    private readonly Statement _rename = session.Prepare("UPDATE folder SET name = @name WHERE id = @folder");

    private readonly Statement _forgetExpunged = session.Prepare("DELETE FROM expunged WHERE folder_id = @folder");

    private readonly Statement _removeEmpty = session.Prepare(
        "DELETE FROM folder WHERE account_id = @account AND name < ' '"
        + " AND NOT EXISTS (SELECT 1 FROM message WHERE folder_id = folder.id)");

    private readonly Statement _subscriptions = session.Prepare(
        "SELECT count(*) FROM subscription WHERE account_id = @account");

    private readonly Statement _unsubscribe = session.Prepare(
        "DELETE FROM subscription WHERE account_id = @account AND name = @name");

    private readonly Statement _addStructure = session.Prepare(
        "INSERT INTO structure (body_id, data) SELECT @body, @data"
        + " WHERE EXISTS (SELECT 1 FROM message WHERE body_id = @body) ON CONFLICT (body_id) DO UPDATE SET data = excluded.data");

    public List<KnownFolder> Folders(AccountId account)
    {
        using var rows = _folders.Query(account.Value);
        var folders = new List<KnownFolder>();
        while (rows.Read())
        {
            folders.Add(new KnownFolder(
                new FolderId(rows.GetInt64(0)),
                FolderName.OfStored(rows.GetString(1)),
                rows.IsDBNull(2) ? null : rows.GetString(2),
                new UidValidity((uint)rows.GetInt64(3)),
                (FolderRights)rows.GetInt32(4)));
        }

        return folders;
    }

    public void Rename(FolderId folder, string name) => _rename.Execute(name, folder.Value);

    /// <summary>Takes the folder out of sight: its messages are for <see cref="MailboxChanges.RemoveSomeDeleted"/>.</summary>
    public void Hide(FolderId folder)
    {
        _rename.Execute($"{FolderNames.Deleted}{folder.Value}", folder.Value);
        _forgetExpunged.Execute(folder.Value);
    }

    public void RemoveEmpty(AccountId account) => _removeEmpty.Execute(account.Value);

    public long Subscriptions(AccountId account) => (long)_subscriptions.Scalar(account.Value)!;

    public void Unsubscribe(AccountId account, FolderName name) => _unsubscribe.Execute(account.Value, name.Text);

    public void AddStructure(BodyId body, byte[] data) => _addStructure.Execute(body.ToByteArray(), data);
}

/// <summary>A folder among the others of its account.</summary>
internal sealed record KnownFolder(
    FolderId Id, FolderName Name, string? SpecialUse, UidValidity UidValidity, FolderRights OwnerRights);
