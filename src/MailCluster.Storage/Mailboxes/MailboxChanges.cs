using MailCluster.Mail.Identity;
using MailCluster.Storage.Sql;

namespace MailCluster.Storage.Mailboxes;

/// <summary>The rows of folders and messages, as the group writer of the mail database changes them.</summary>
internal sealed class MailboxChanges(SqlSession session)
{
    /// <summary>Messages of an account that is being removed, in one transaction.</summary>
    public const int LargestRemoval = 1000;

    private readonly Statement _folder = session.Prepare(
        "SELECT f.id, f.uid_next, f.highest_modseq, a.used_bytes, a.quota_bytes"
        + " FROM account a JOIN folder f ON f.account_id = a.id WHERE a.id = @account AND f.name = @name"
        + session.Database.ForUpdate);

    private readonly Statement _addFolder = session.Prepare(
        "INSERT INTO folder (account_id, name, special_use, uid_validity, uid_next, highest_modseq)"
        + " VALUES (@account, @name, @use, @validity, 1, 0)");

    private readonly Statement _advance = session.Prepare(
        "UPDATE folder SET uid_next = @next, highest_modseq = @modseq WHERE id = @folder");

    private readonly Statement _charge = session.Prepare(
        "UPDATE account SET used_bytes = used_bytes + @bytes, message_count = message_count + @messages"
        + " WHERE id = @account");

    private readonly Statement _add = session.Prepare(
        "INSERT INTO message (folder_id, uid, modseq, size, internal_date, flags, keywords, body_id, prefix)"
        + " VALUES (@folder, @uid, @modseq, @size, @date, 0, '', @body, @prefix)");

    private readonly Statement _remove = session.Prepare(
        "DELETE FROM message WHERE folder_id = @folder AND uid = @uid RETURNING size, body_id");

    private readonly Statement _noteExpunged = session.Prepare(
        "INSERT INTO expunged (folder_id, modseq, uid) VALUES (@folder, @modseq, @uid)");

    private readonly Statement _forgetExpunged = session.Prepare(
        "DELETE FROM expunged WHERE folder_id = @folder AND modseq < @oldest");

    private readonly Statement _someMessages = session.Prepare(
        "SELECT m.folder_id, m.uid, m.body_id, m.size FROM folder f JOIN message m ON m.folder_id = f.id"
        + " WHERE f.account_id = @account LIMIT @limit");

    private readonly Statement _forgetAllExpunged = session.Prepare(
        "DELETE FROM expunged WHERE folder_id IN (SELECT id FROM folder WHERE account_id = @account)");

    public FolderState? Folder(AccountId account, string name)
    {
        using var rows = _folder.Query(account.Value, name);
        return rows.Read()
            ? new FolderState(rows.GetInt64(0), account)
            {
                UidNext = rows.GetInt64(1),
                HighestModSeq = rows.GetInt64(2),
                UsedBytes = rows.GetInt64(3),
                QuotaBytes = rows.IsDBNull(4) ? null : rows.GetInt64(4),
            }
            : null;
    }

    public void AddInitialFolders(AccountId account, DateTimeOffset now)
    {
        foreach (var (name, use) in FolderNames.Initial)
        {
            _addFolder.Defer(account.Value, name, use, now.ToUnixTimeSeconds());
        }
    }

    /// <summary>Adds the copy as the folder's next message.</summary>
    public void Add(FolderState folder, IncomingCopy copy, long size)
    {
        folder.HighestModSeq++;
        _add.Defer(
            folder.Id,
            folder.UidNext++,
            folder.HighestModSeq,
            size,
            copy.ReceivedAt.ToUnixTimeMilliseconds(),
            copy.Body.ToByteArray(),
            copy.Prefix);
        folder.AddedBytes += size;
        folder.AddedMessages++;
    }

    /// <summary>Removes a message for good; returns its body, or null where there is no such message.</summary>
    public BodyId? Remove(FolderState folder, Uid uid)
    {
        BodyId body;
        using (var rows = _remove.Query(folder.Id, (long)uid.Value))
        {
            if (!rows.Read())
            {
                return null;
            }

            folder.AddedBytes -= rows.GetInt64(0);
            body = BodyId.FromBytes(rows.GetFieldValue<byte[]>(1));
        }

        folder.AddedMessages--;
        folder.HighestModSeq++;
        _noteExpunged.Defer(folder.Id, folder.HighestModSeq, (long)uid.Value);
        return body;
    }

    /// <summary>
    /// Removes up to <see cref="LargestRemoval"/> messages of an account that is to go, whatever their folder, and returns
    /// their bodies: fewer than that when all are gone.
    /// </summary>
    public List<BodyId> RemoveSome(AccountId account)
    {
        Folder(account, FolderNames.Inbox); // Keeps other nodes from storing into it until this step is done.
        var messages = new List<(long Folder, long Uid)>();
        var bodies = new List<BodyId>();
        var bytes = 0L;
        using (var rows = _someMessages.Query(account.Value, LargestRemoval))
        {
            while (rows.Read())
            {
                messages.Add((rows.GetInt64(0), rows.GetInt64(1)));
                bodies.Add(BodyId.FromBytes(rows.GetFieldValue<byte[]>(2)));
                bytes += rows.GetInt64(3);
            }
        }

        foreach (var (folder, uid) in messages)
        {
            _remove.Scalar(folder, uid);
        }

        _charge.Execute(-bytes, -(long)messages.Count, account.Value);
        _forgetAllExpunged.Execute(account.Value);
        return bodies;
    }

    /// <summary>Writes down what <see cref="Add"/> and <see cref="Remove"/> changed in the folder and its account.</summary>
    public void Save(FolderState folder)
    {
        if (folder.AddedMessages < 0)
        {
            _forgetExpunged.Execute(folder.Id, folder.HighestModSeq - FolderState.ExpungedHistory);
        }

        _advance.Defer(folder.UidNext, folder.HighestModSeq, folder.Id);
        _charge.Defer(folder.AddedBytes, folder.AddedMessages, folder.Account.Value);
    }
}
