using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;
using MailCluster.Storage.Sql;

namespace MailCluster.Storage.Mailboxes;

/// <summary>Who may do what with a folder, as the group writer of the mail database looks it up and changes it.</summary>
internal sealed class AccessChanges(SqlSession session)
{
    private readonly Statement _entries = session.Prepare(
        "SELECT account_id, is_negative, rights FROM folder_right WHERE folder_id = @folder");

    private readonly Statement _entriesFor = session.Prepare(
        "SELECT account_id, is_negative, rights FROM folder_right WHERE folder_id = @folder AND account_id IN (0, @account)");

    private readonly Statement _put = session.Prepare(
        "INSERT INTO folder_right (folder_id, account_id, is_negative, rights) VALUES (@folder, @account, @negative, @rights)"
        + " ON CONFLICT (folder_id, account_id, is_negative) DO UPDATE SET rights = excluded.rights");

    private readonly Statement _remove = session.Prepare(
        "DELETE FROM folder_right WHERE folder_id = @folder AND account_id = @account AND is_negative = @negative");

    private readonly Statement _saveOwner = session.Prepare(
        "UPDATE folder SET owner_rights = @rights WHERE id = @folder");

    private readonly Statement _inherit = session.Prepare(
        "INSERT INTO folder_right (folder_id, account_id, is_negative, rights)"
        + " SELECT @folder, account_id, is_negative, rights FROM folder_right WHERE folder_id = @above");

    private readonly Statement _ownerRights = session.Prepare(
        "SELECT owner_rights FROM folder WHERE id = @folder AND account_id = @owner AND name >= ' '");

    private readonly Statement _forgetFolder = session.Prepare("DELETE FROM folder_right WHERE folder_id = @folder");

    private readonly Statement _forgetAccount = session.Prepare(
        "DELETE FROM folder_right WHERE account_id = @account"
        + " OR folder_id IN (SELECT id FROM folder WHERE account_id = @account)");

    public List<(AccessIdentifier Identifier, FolderRights Rights)> Entries(long folder) => Read(_entries.Query(folder));

    /// <summary>What somebody may do who does not own the folder.</summary>
    public FolderRights RightsOf(long folder, AccountId account) =>
        Read(_entriesFor.Query(folder, account.Value)).RightsOf(account);

    /// <summary>What anybody may do with a folder of this owner; null where there is none.</summary>
    public FolderRights? RightsOf(AccountId owner, FolderId folder, AccountId account) =>
        _ownerRights.Scalar(folder.Value, owner.Value) is not { } rights ? null
        : account == owner ? (FolderRights)Convert.ToInt32(rights, null)
        : RightsOf(folder.Value, account);

    public void Put(long folder, AccessIdentifier identifier, FolderRights rights) =>
        _put.Execute(folder, identifier.Account.Value, identifier.IsNegative ? 1 : 0, (int)rights);

    public void Remove(long folder, AccessIdentifier identifier) =>
        _remove.Execute(folder, identifier.Account.Value, identifier.IsNegative ? 1 : 0);

    public void SaveOwner(long folder, FolderRights rights) => _saveOwner.Execute((int)rights, folder);

    /// <summary>RFC 4314 §4: a new folder has the list of the one above it.</summary>
    public void Inherit(long folder, KnownFolder above)
    {
        _inherit.Execute(folder, above.Id.Value);
        if (above.OwnerRights != FolderRights.All)
        {
            SaveOwner(folder, above.OwnerRights);
        }
    }

    public void ForgetFolder(FolderId folder) => _forgetFolder.Execute(folder.Value);

    public void ForgetAccount(AccountId account) => _forgetAccount.Execute(account.Value);

    private static List<(AccessIdentifier Identifier, FolderRights Rights)> Read(System.Data.Common.DbDataReader query)
    {
        using var rows = query;
        var entries = new List<(AccessIdentifier, FolderRights)>();
        while (rows.Read())
        {
            entries.Add((
                new AccessIdentifier(new AccountId(rows.GetInt64(0)), rows.GetInt32(1) != 0), (FolderRights)rows.GetInt32(2)));
        }

        return entries;
    }
}
