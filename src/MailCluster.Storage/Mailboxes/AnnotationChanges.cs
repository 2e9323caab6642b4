using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;
using MailCluster.Storage.Sql;

namespace MailCluster.Storage.Mailboxes;

/// <summary>The rows of METADATA entries, as the group writer of the mail database changes them.</summary>
internal sealed class AnnotationChanges(SqlSession session)
{
    /// <summary>Entries of a folder that are gone and still told of: a session that does not look for longer misses some.</summary>
    private const int KeptRemoved = 100;

    private const string OfFolder = " WHERE account_id = @account AND folder_id = @folder";

    private readonly Statement _lengths = session.Prepare(
        "SELECT name, length(value) FROM annotation" + OfFolder + " AND value IS NOT NULL");

    private readonly Statement _octets = session.Prepare(
        "SELECT coalesce(sum(length(value)), 0) FROM annotation WHERE account_id = @account");

    private readonly Statement _set = session.Prepare(
        "INSERT INTO annotation (account_id, folder_id, name, value, modseq)"
        + " VALUES (@account, @folder, @name, @value, @modseq) ON CONFLICT (account_id, folder_id, name)"
        + " DO UPDATE SET value = excluded.value, modseq = excluded.modseq");

    private readonly Statement _remove = session.Prepare(
        "UPDATE annotation SET value = NULL, modseq = @modseq" + OfFolder + " AND name = @name");

    private readonly Statement _forgetRemoved = session.Prepare(
        "DELETE FROM annotation" + OfFolder + " AND value IS NULL AND modseq <= (SELECT modseq FROM annotation" + OfFolder
        + " AND value IS NULL ORDER BY modseq DESC LIMIT 1 OFFSET @kept)");

    private readonly Statement _delete = session.Prepare("DELETE FROM annotation" + OfFolder);

    private readonly Statement _copy = session.Prepare(
        "INSERT INTO annotation (account_id, folder_id, name, value, modseq)"
        + " SELECT account_id, @to, name, value, @modseq FROM annotation" + OfFolder + " AND value IS NOT NULL");

    /// <summary>The entries that have a value, with its length.</summary>
    public Dictionary<EntryName, long> Lengths(AccountId account, FolderId folder)
    {
        using var rows = _lengths.Query(account.Value, folder.Value);
        var lengths = new Dictionary<EntryName, long>();
        while (rows.Read())
        {
            lengths[EntryName.OfStored(rows.GetString(0))] = rows.GetInt32(1);
        }

        return lengths;
    }

    /// <summary>Of all values of the account.</summary>
    public long Octets(AccountId account) => (long)_octets.Scalar(account.Value)!;

    public void Set(AccountId account, FolderId folder, EntryName name, ReadOnlyMemory<byte> value, long modseq) =>
        _set.Execute(account.Value, folder.Value, name.Text, value.ToArray(), modseq);

    public void Remove(AccountId account, FolderId folder, EntryName name, long modseq)
    {
        _remove.Execute(modseq, account.Value, folder.Value, name.Text);
        _forgetRemoved.Execute(account.Value, folder.Value, KeptRemoved);
    }

    /// <summary>RFC 5464 §4.1: a folder with the same name does not inherit them.</summary>
    public void Delete(AccountId account, FolderId folder) => _delete.Execute(account.Value, folder.Value);

    /// <summary>RFC 5464 §4.1: those of the INBOX stay there when it is renamed.</summary>
    public void Copy(AccountId account, FolderId from, FolderId to, long modseq) =>
        _copy.Execute(to.Value, modseq, account.Value, from.Value);
}
