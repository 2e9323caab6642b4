using System.Data.Common;

namespace MailCluster.Storage.Sql;

/// <summary>
/// A connection with the prepared statements of one subject, which a derived class names as methods. Owns the
/// connection. Used by one thread at a time.
/// </summary>
internal abstract class SqlSession(DbConnection connection) : IDisposable
{
    private readonly List<Statement> _statements = [];

    public DbConnection Connection => connection;

    public virtual void Dispose()
    {
        foreach (var statement in _statements)
        {
            statement.Dispose();
        }

        connection.Dispose();
    }

    /// <summary>Called when a transaction has begun: what was learnt in the one before may no longer be so.</summary>
    public virtual void OnBegin()
    {
    }

    public Statement Prepare(string sql)
    {
        var statement = new Statement(connection, sql);
        _statements.Add(statement);
        return statement;
    }
}
