using System.Data.Common;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;
using MailCluster.Storage.Search;
using MailCluster.Storage.Sql;

namespace MailCluster.Storage.Mailboxes;

/// <summary>The rows of folders and messages, as the group writer of the mail database changes them.</summary>
internal sealed class MailboxChanges(SqlSession session, TextChanges texts, AccessChanges access)
{
    /// <summary>Messages of an account that is being removed, in one transaction.</summary>
    public const int LargestRemoval = 1000;

    private const string FolderColumns =
        "SELECT f.id, f.uid_next, f.highest_modseq, f.keywords, a.modseq, a.uid_validity, a.used_bytes, a.quota_bytes,"
        + " a.message_count, a.quota_messages, f.uid_validity, f.owner_rights FROM account a JOIN folder f ON f.account_id = a.id WHERE a.id = @account";

    private readonly Statement _folder = session.Prepare(
        FolderColumns + " AND f.name = @name" + session.Database.ForUpdate);

    private readonly Statement _folderById = session.Prepare(
        FolderColumns + " AND f.id = @folder AND f.name >= ' '" + session.Database.ForUpdate);

    private readonly Statement _addFolder = session.Prepare(
        "INSERT INTO folder (account_id, name, special_use, uid_validity, uid_next, highest_modseq)"
        + " VALUES (@account, @name, @use, @validity, 1, @modseq) RETURNING id");

    private readonly Statement _subscribe = session.Prepare(
        "INSERT INTO subscription (account_id, name) VALUES (@account, @name) ON CONFLICT DO NOTHING");

    private readonly Statement _advance = session.Prepare(
        "UPDATE folder SET uid_next = @next, highest_modseq = @modseq, keywords = @keywords, messages = messages + @messages,"
        + " unseen = unseen + @unseen, deleted = deleted + @deleted, size = size + @size,"
        + " deleted_size = deleted_size + @gone WHERE id = @folder");

    private readonly Statement _count = session.Prepare(
        "UPDATE folder SET messages = messages + @messages, unseen = unseen + @unseen, deleted = deleted + @deleted,"
        + " size = size + @size, deleted_size = deleted_size + @gone WHERE id = @folder");

    private readonly Statement _charge = session.Prepare(
        "UPDATE account SET used_bytes = used_bytes + @bytes, message_count = message_count + @messages"
        + " WHERE id = @account");

    private readonly Statement _saveAccount = session.Prepare(
        "UPDATE account SET used_bytes = used_bytes + @bytes, message_count = message_count + @messages, modseq = @modseq,"
        + " uid_validity = @validity WHERE id = @account");

    private readonly Statement _add = session.Prepare(
        "INSERT INTO message (folder_id, uid, modseq, size, internal_date, save_date, flags, keywords, body_id, prefix)"
        + " VALUES (@folder, @uid, @modseq, @size, @date, @saved, @flags, @keywords, @body, @prefix)");

    private readonly Statement _remove = session.Prepare(
        "DELETE FROM message WHERE folder_id = @folder AND uid = @uid RETURNING size, body_id, flags");

    private readonly Statement _removeStructure = session.Prepare(
        "DELETE FROM structure WHERE body_id = @body AND NOT EXISTS (SELECT 1 FROM message WHERE body_id = @body)");

    private readonly Statement _noteExpunged = session.Prepare(
        "INSERT INTO expunged (folder_id, modseq, uid) VALUES (@folder, @modseq, @uid)");

    private readonly Statement _forgetExpunged = session.Prepare(
        "DELETE FROM expunged WHERE folder_id = @folder AND modseq < @oldest");

    private readonly Statement _noteForgotten = session.Prepare(
        "UPDATE folder SET expunged_from = @oldest WHERE id = @folder AND expunged_from < @oldest");

    private readonly Statement _someMessages = session.Prepare(
        "SELECT m.folder_id, m.uid FROM folder f JOIN message m ON m.folder_id = f.id"
        + " WHERE f.account_id = @account AND f.name < @end LIMIT @limit");

    private readonly Statement _forgetAllExpunged = session.Prepare(
        "DELETE FROM expunged WHERE folder_id IN (SELECT id FROM folder WHERE account_id = @account)");

    /// <summary>Under whose rights folders are looked up; null for their owner's.</summary>
    public AccountId? Asker { get; set; }

    public bool IsOwner(AccountId account) => Asker is not { } asker || asker == account;

    public FolderState? Folder(AccountId account, string name, AccountState? shared = null) =>
        WithRights(_folder.Query(account.Value, name), account, shared);

    /// <summary>By its number, which stays when it is renamed; null where it is another account's, or gone.</summary>
    public FolderState? Folder(AccountId account, FolderId id, AccountState? shared = null) =>
        WithRights(_folderById.Query(account.Value, id.Value), account, shared);

    public void AddInitialFolders(AccountId account, DateTimeOffset now)
    {
        var state = new AccountState(account) { ModSeq = 1, UidValidity = now.ToUnixTimeSeconds() - 1 };
        foreach (var (name, use) in FolderNames.Initial)
        {
            _addFolder.Defer(account.Value, name, use, ++state.UidValidity, 1L);
            Subscribe(account, name);
        }

        Save(state);
    }

    public void Subscribe(AccountId account, string name) => _subscribe.Defer(account.Value, name);

    /// <summary>A folder with a UIDVALIDITY that none of the account ever had (RFC 9051 §2.3.1.1).</summary>
    public long AddFolder(AccountState account, string name, string? specialUse, DateTimeOffset now)
    {
        account.UidValidity = Math.Max(account.UidValidity + 1, now.ToUnixTimeSeconds());
        return (long)_addFolder.Scalar(account.Id.Value, name, specialUse, account.UidValidity, ++account.ModSeq)!;
    }

    /// <summary>Adds a delivered copy as the folder's next message.</summary>
    public void Add(FolderState folder, IncomingCopy copy, long size, DateTimeOffset now) => Add(
        folder,
        new AppendEntry(copy.Body, copy.BodySize, copy.Prefix, MessageFlags.None, [], copy.ReceivedAt),
        size,
        folder.NextModSeq(),
        now);

    /// <summary>Adds the folder's next message.</summary>
    public void Add(FolderState folder, AppendEntry entry, long size, long modseq, DateTimeOffset now)
    {
        _add.Defer(
            folder.Id,
            folder.UidNext++,
            modseq,
            size,
            entry.InternalDate.ToUnixTimeMilliseconds(),
            now.ToUnixTimeMilliseconds(),
            (int)entry.Flags,
            Keywords.InCaseOf(folder.Keywords, Keywords.Join(entry.Keywords)),
            entry.Body.ToByteArray(),
            entry.Prefix);
        folder.Charge(FolderCounts.Of(entry.Flags, size));
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

            folder.Charge(-FolderCounts.Of((MessageFlags)rows.GetInt32(2), rows.GetInt64(0)));
            body = BodyId.FromBytes(rows.GetFieldValue<byte[]>(1));
        }

        RemoveComputed(body);
        _noteExpunged.Defer(folder.Id, folder.NextModSeq(), (long)uid.Value);
        folder.HasExpunged = true;
        return body;
    }

    /// <summary>
    /// Removes up to <see cref="LargestRemoval"/> messages of an account that is to go, whatever their folder, and returns
    /// their bodies: fewer than that when all are gone.
    /// </summary>
    public List<BodyId> RemoveSome(AccountId account)
    {
        var bodies = RemoveSome(account, FolderNames.BehindAll);
        _forgetAllExpunged.Execute(account.Value);
        return bodies;
    }

    /// <summary>The same of folders that were deleted alone.</summary>
    public List<BodyId> RemoveSomeDeleted(AccountId account) => RemoveSome(account, FolderNames.BehindDeleted);

    private List<BodyId> RemoveSome(AccountId account, string beforeName)
    {
        Folder(account, FolderNames.Inbox); // Keeps other nodes from storing into it until this step is done.
        var messages = new List<(long Folder, long Uid)>();
        using (var rows = _someMessages.Query(account.Value, beforeName, LargestRemoval))
        {
            while (rows.Read())
            {
                messages.Add((rows.GetInt64(0), rows.GetInt64(1)));
            }
        }

        var bodies = new List<BodyId>();
        foreach (var folder in messages.GroupBy(message => message.Folder, message => message.Uid))
        {
            Remove(account, folder.Key, folder, bodies);
        }

        foreach (var body in bodies)
        {
            RemoveComputed(body);
        }

        return bodies;
    }

    private void Remove(AccountId account, long folder, IEnumerable<long> uids, List<BodyId> bodies)
    {
        var gone = default(FolderCounts);
        foreach (var uid in uids)
        {
            using var rows = _remove.Query(folder, uid);
            if (rows.Read())
            {
                gone += FolderCounts.Of((MessageFlags)rows.GetInt32(2), rows.GetInt64(0));
                bodies.Add(BodyId.FromBytes(rows.GetFieldValue<byte[]>(1)));
            }
        }

        _count.Defer(-gone.Messages, -gone.Unseen, -gone.Deleted, -gone.Size, -gone.DeletedSize, folder);
        _charge.Defer(-gone.Size, -gone.Messages, account.Value);
    }

    /// <summary>What was computed of a body goes with its last message.</summary>
    private void RemoveComputed(BodyId body)
    {
        _removeStructure.Defer(body.ToByteArray());
        texts.Remove(body);
    }

    /// <summary>Writes down what was changed in the folder and its account.</summary>
    public void Save(FolderState folder)
    {
        if (folder.HasExpunged)
        {
            var oldest = folder.HighestModSeq - FolderState.ExpungedHistory;
            _forgetExpunged.Execute(folder.Id, oldest);
            _noteForgotten.Defer(oldest, folder.Id);
        }

        var added = folder.Added;
        _advance.Defer(
            folder.UidNext,
            folder.HighestModSeq,
            folder.Keywords,
            added.Messages,
            added.Unseen,
            added.Deleted,
            added.Size,
            added.DeletedSize,
            folder.Id);
        folder.Added = default;
        Save(folder.Account);
    }

    public void Save(AccountState account)
    {
        _saveAccount.Defer(
            account.AddedBytes, account.AddedMessages, account.ModSeq, account.UidValidity, account.Id.Value);
        account.AddedBytes = account.AddedMessages = 0;
    }

    private FolderState? WithRights(DbDataReader query, AccountId account, AccountState? shared)
    {
        FolderState? folder;
        using (query)
        {
            folder = query.Read() ? FolderOf(query, account, shared) : null;
        }

        if (folder is not null && Asker is { } asker && asker != account)
        {
            folder.Rights = access.RightsOf(folder.Id, asker);
        }

        return folder;
    }

    private static FolderState FolderOf(DbDataReader rows, AccountId account, AccountState? shared) => new(
        rows.GetInt64(0),
        shared ?? new AccountState(account)
        {
            ModSeq = rows.GetInt64(4),
            UidValidity = rows.GetInt64(5),
            UsedBytes = rows.GetInt64(6),
            QuotaBytes = rows.IsDBNull(7) ? null : rows.GetInt64(7),
            Messages = rows.GetInt64(8),
            QuotaMessages = rows.IsDBNull(9) ? null : rows.GetInt64(9),
        })
    {
        UidNext = rows.GetInt64(1),
        StoredModSeq = rows.GetInt64(2),
        Keywords = rows.GetString(3),
        UidValidity = new UidValidity((uint)rows.GetInt64(10)),
        Rights = (FolderRights)rows.GetInt32(11),
    };
}
