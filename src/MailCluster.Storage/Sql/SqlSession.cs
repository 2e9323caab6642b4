using System.Data.Common;

namespace MailCluster.Storage.Sql;

/// <summary>
/// A connection with the prepared statements of one subject, which a derived class names as methods. Opens and owns the
/// connection. Used by one thread at a time.
/// </summary>
internal abstract class SqlSession : IDisposable
{
    private readonly List<Statement> _statements = [];
    private readonly StatementBatch? _deferred;

    /// <exception cref="DbException">The database cannot be reached.</exception>
    protected SqlSession(SqlDatabase database)
    {
        Database = database;
        Connection = database.Open();
        _deferred = Connection.CanCreateBatch ? new StatementBatch(Connection) : null;
    }

    public SqlDatabase Database { get; }

    public DbConnection Connection { get; }

    public virtual void Dispose()
    {
        foreach (var statement in _statements)
        {
            statement.Dispose();
        }

        _deferred?.Dispose();
        Connection.Dispose();
    }

    /// <summary>Called when a transaction has begun: what was learnt in the one before may no longer be so.</summary>
    public virtual void OnBegin()
    {
    }

    public Statement Prepare(string sql)
    {
        var statement = new Statement(Connection, sql, _deferred) { PreparesItself = Database.PreparesItself };
        _statements.Add(statement);
        return statement;
    }

    /// <summary>Sends what was deferred; its failure is this call's.</summary>
    public void Flush() => _deferred?.Flush();

    /// <summary>Forgets what was deferred: the transaction is rolled back.</summary>
    public void Drop() => _deferred?.Clear();
}
