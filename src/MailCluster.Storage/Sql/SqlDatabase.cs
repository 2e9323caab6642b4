using System.Data.Common;

namespace MailCluster.Storage.Sql;

/// <summary>
/// One database, and all that differs between the kinds of it. Everything else is written in SQL that SQLite and
/// PostgreSQL both understand.
/// </summary>
internal abstract class SqlDatabase
{
    /// <summary>Begins a transaction that may write, so that it cannot fail half-way because another one wrote first.</summary>
    public abstract string BeginWriting { get; }

    /// <summary>A query with rows where the database has a table of the name <c>@name</c>.</summary>
    public abstract string FindsTable { get; }

    /// <summary>A connection of one thread, ready to use; the caller owns it.</summary>
    public abstract DbConnection Open();

    /// <summary>What the callers of the store see of a failure.</summary>
    public abstract StorageException Translate(DbException failure);

    /// <summary>Called by the writer between transactions: a place for upkeep that must not grow into a backlog.</summary>
    public abstract void AfterCommit(DbConnection connection);
}
