using System.Collections.Immutable;
using System.Data.Common;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;
using MailCluster.Storage.Sql;

namespace MailCluster.Storage.Mailboxes;

/// <summary>What is read of folders by those who do not own them, and of who may do what.</summary>
internal sealed class AccessQueries(SqlSession session, FolderQueries folders)
{
    /// <summary>Entries that are read for one LIST: beyond, the folders that were made last are not shown.</summary>
    private const int MostShared = 20_000;

    private readonly Statement _shared = session.Prepare(
        $"SELECT {FolderQueries.SharedColumns}, f.account_id, a.local_part, d.name, r.account_id, r.is_negative, r.rights"
        + " FROM folder_right r JOIN folder f ON f.id = r.folder_id JOIN account a ON a.id = f.account_id"
        + " JOIN domain d ON d.id = a.domain_id"
        + " WHERE r.account_id IN (0, @asker) AND f.account_id <> @asker AND f.name >= ' ' ORDER BY f.id LIMIT @limit");

    private readonly Statement _rights = session.Prepare(
        "SELECT account_id, is_negative, rights FROM folder_right WHERE folder_id = @folder AND account_id IN (0, @asker)");

    private readonly Statement _entries = session.Prepare(
        "SELECT r.account_id, r.is_negative, r.rights, a.local_part, d.name FROM folder_right r"
        + " LEFT JOIN account a ON a.id = r.account_id LEFT JOIN domain d ON d.id = a.domain_id"
        + " WHERE r.folder_id = @folder");

    /// <summary>Found by the rights, not by the folders: it does not matter how many accounts there are.</summary>
    public ImmutableArray<SharedFolder> Shared(AccountId asker)
    {
        var found = new List<(SharedFolder Folder, AccessIdentifier Identifier, FolderRights Rights)>();
        using (var rows = _shared.Query(asker.Value, MostShared + 1))
        {
            while (rows.Read())
            {
                var at = FolderQueries.ColumnCount;
                var address = new MailAddress(rows.GetString(at + 1), DomainName.Parse(rows.GetString(at + 2)));
                found.Add((
                    new SharedFolder(new AccountId(rows.GetInt64(at)), address.ToString(), FolderQueries.FolderOf(rows)),
                    IdentifierOf(rows, at + 3),
                    (FolderRights)rows.GetInt32(at + 5)));
            }
        }

        // Of the last folder some entries may be missing, and among them those that take rights away.
        var cut = found.Count > MostShared ? found[^1].Folder.Folder.Id : default;
        return [.. found.GroupBy(row => row.Folder.Folder.Id).Where(rows => rows.Key != cut)
            .Select(rows => (rows.First().Folder, Rights: rows.Select(row => (row.Identifier, row.Rights)).RightsOf(asker)))
            .Where(shared => shared.Rights.HasFlag(FolderRights.Lookup))
            .Select(shared => shared.Folder with { Folder = shared.Folder.Folder with { Rights = shared.Rights } })];
    }

    public Folder? Find(AccountId owner, AccountId asker, FolderName name) =>
        folders.Find(owner, name) is { } folder ? folder with { Rights = Rights(folder.Id, asker) } : null;

    public OpenedFolder? Open(AccountId owner, AccountId asker, FolderName name) =>
        folders.Open(owner, name) is { } opened
            ? opened with { Folder = opened.Folder with { Rights = Rights(opened.Folder.Id, asker) } }
            : null;

    public FolderRights Rights(FolderId folder, AccountId asker)
    {
        using var rows = _rights.Query(folder.Value, asker.Value);
        var entries = new List<(AccessIdentifier, FolderRights)>();
        while (rows.Read())
        {
            entries.Add((IdentifierOf(rows, 0), (FolderRights)rows.GetInt32(2)));
        }

        return entries.RightsOf(asker);
    }

    /// <summary>In the order of their addresses, anyone last.</summary>
    public ImmutableArray<AccessEntry> Entries(FolderId folder)
    {
        var entries = new List<AccessEntry>();
        using var rows = _entries.Query(folder.Value);
        while (rows.Read())
        {
            var identifier = IdentifierOf(rows, 0);
            if (identifier.IsAnyone || !rows.IsDBNull(3))
            {
                var address = identifier.IsAnyone
                    ? ""
                    : new MailAddress(rows.GetString(3), DomainName.Parse(rows.GetString(4))).ToString();
                entries.Add(new AccessEntry(identifier, address, (FolderRights)rows.GetInt32(2)));
            }
        }

        return [.. entries.OrderBy(entry => entry.Identifier.IsAnyone)
            .ThenBy(entry => entry.Address, StringComparer.Ordinal).ThenBy(entry => entry.Identifier.IsNegative)];
    }

    private static AccessIdentifier IdentifierOf(DbDataReader rows, int at) =>
        new(new AccountId(rows.GetInt64(at)), rows.GetInt32(at + 1) != 0);
}
