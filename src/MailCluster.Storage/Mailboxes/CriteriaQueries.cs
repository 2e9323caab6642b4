using System.Collections.Immutable;
using System.Data.Common;
using MailCluster.Mail.Mailboxes;
using MailCluster.Storage.Sql;

namespace MailCluster.Storage.Mailboxes;

/// <summary>
/// Finds the messages of a folder that meet criteria, with a statement for each combination of conditions: what is not asked
/// is not looked at, so that an index alone may answer. Used by one thread at a time.
/// </summary>
internal sealed class CriteriaQueries(SqlSession session)
{
    private static readonly MessageCriteria Anything = new();

    /// <summary>In the order of their bits.</summary>
    private static readonly ImmutableArray<Condition> Conditions =
    [
        new(
            asked => (asked.With, asked.Without) != (MessageFlags.None, MessageFlags.None),
            "(m.flags & @with) = @with AND (m.flags & @without) = 0",
            asked => [(int)asked.With, (int)asked.Without]),
        new(asked => asked.ChangedSince > 0, "m.modseq > @modseq", asked => [asked.ChangedSince]),
        new(
            asked => (asked.MinSize, asked.MaxSize) != (Anything.MinSize, Anything.MaxSize),
            "m.size BETWEEN @least AND @most",
            asked => [asked.MinSize, asked.MaxSize]),
        new(
            asked => (asked.InternalFrom, asked.InternalBefore) != (Anything.InternalFrom, Anything.InternalBefore),
            "m.internal_date >= @from AND m.internal_date < @before",
            asked => [asked.InternalFrom.ToUnixTimeMilliseconds(), asked.InternalBefore.ToUnixTimeMilliseconds()]),
        new(
            asked => (asked.SavedFrom, asked.SavedBefore) != (Anything.SavedFrom, Anything.SavedBefore),
            "coalesce(m.save_date, m.internal_date) >= @savedFrom AND coalesce(m.save_date, m.internal_date) < @savedBefore",
            asked => [asked.SavedFrom.ToUnixTimeMilliseconds(), asked.SavedBefore.ToUnixTimeMilliseconds()]),
        // A keyword is sought with a space on both sides; LIKE would take '_' for any letter.
        new(
            asked => asked.Keyword.Length > 0,
            "replace(' ' || lower(m.keywords) || ' ', @keyword, '') <> ' ' || lower(m.keywords) || ' '",
            asked => [Padded(asked.Keyword)]),
        new(
            asked => asked.WithoutKeyword.Length > 0,
            "replace(' ' || lower(m.keywords) || ' ', @lacking, '') = ' ' || lower(m.keywords) || ' '",
            asked => [Padded(asked.WithoutKeyword)]),
    ];

    private readonly Dictionary<int, Statement> _statements = [];

    /// <summary>Their UIDs, in the order of the ranges that were asked for.</summary>
    public DbDataReader Find(FolderId folder, MessageCriteria criteria)
    {
        var isMarked = (criteria.With & (MessageFlags.Flagged | MessageFlags.Deleted)) != MessageFlags.None;
        var key = isMarked ? 1 : 0;
        var values = new List<object?> { criteria.Uids.ToJson(), folder.Value };
        for (var i = 0; i < Conditions.Length; i++)
        {
            if (Conditions[i].IsAsked(criteria))
            {
                key |= 2 << i;
                values.AddRange(Conditions[i].Values(criteria));
            }
        }

        if (!_statements.TryGetValue(key, out var statement))
        {
            statement = session.Prepare(Sql(isMarked, key));
            _statements.Add(key, statement);
        }

        return statement.Query([.. values]);
    }

    private string Sql(bool isMarked, int key) =>
        $"SELECT m.uid FROM {session.Database.Ranges} CROSS JOIN {(isMarked ? session.Database.MarkedMessages : "message m")}"
        + " WHERE m.folder_id = @folder AND m.uid BETWEEN r.first AND r.last"
        + (isMarked ? " AND m.flags & 12 <> 0" : "")
        + string.Concat(Conditions.Where((_, i) => (key & (2 << i)) != 0).Select(condition => " AND " + condition.Sql));

#pragma warning disable CA1308 // As lower() of SQL does; keywords are ASCII.
    private static string Padded(string keyword) => $" {keyword.ToLowerInvariant()} ";
#pragma warning restore CA1308

    /// <param name="Values">Of its parameters, in the order in which they stand in the SQL.</param>
    private sealed record Condition(
        Func<MessageCriteria, bool> IsAsked, string Sql, Func<MessageCriteria, object?[]> Values);
}
