using System.Collections.Immutable;
using System.Data.Common;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;
using MailCluster.Storage.Sql;

namespace MailCluster.Storage.Mailboxes;

/// <summary>What is read of METADATA entries; each is one statement, and so one moment.</summary>
internal sealed class AnnotationQueries(SqlSession session)
{
    private const string Rows =
        "SELECT folder_id, name, value FROM annotation WHERE account_id = @account AND value IS NOT NULL";

    private readonly Statement _ofFolder = session.Prepare(Rows + " AND folder_id = @folder");

    private readonly Statement _named = session.Prepare(Rows + " AND folder_id <> 0 AND name = @name");

    private readonly Statement _news = session.Prepare(
        "SELECT a.modseq, n.folder_id, n.name, n.modseq FROM account a"
        + " LEFT JOIN annotation n ON n.account_id = a.id AND n.modseq > @since WHERE a.id = @account");

    public ImmutableArray<Annotation> OfFolder(AccountId account, FolderId folder) =>
        Read(_ofFolder.Query(account.Value, folder.Value));

    public ImmutableArray<Annotation> Named(AccountId account, ImmutableArray<EntryName> names) =>
        [.. names.Distinct().SelectMany(name => Read(_named.Query(account.Value, name.Text)))];

    public AnnotationNews News(AccountId account, long since)
    {
        using var rows = _news.Query(since, account.Value);
        var modseq = since;
        var changed = new List<ChangedAnnotation>();
        while (rows.Read())
        {
            modseq = rows.GetInt64(0);
            if (!rows.IsDBNull(1))
            {
                changed.Add(new ChangedAnnotation(
                    new FolderId(rows.GetInt64(1)), EntryName.OfStored(rows.GetString(2)), rows.GetInt64(3)));
            }
        }

        return new AnnotationNews(
            modseq, [.. changed.OrderBy(c => c.Folder.Value).ThenBy(c => c.Name.Text, StringComparer.Ordinal)]);
    }

    private static ImmutableArray<Annotation> Read(DbDataReader query)
    {
        using var rows = query;
        var found = new List<Annotation>();
        while (rows.Read())
        {
            found.Add(new Annotation(
                new FolderId(rows.GetInt64(0)), EntryName.OfStored(rows.GetString(1)), rows.GetFieldValue<byte[]>(2)));
        }

        return [.. found.OrderBy(a => a.Folder.Value).ThenBy(a => a.Name.Text, StringComparer.Ordinal)];
    }
}
