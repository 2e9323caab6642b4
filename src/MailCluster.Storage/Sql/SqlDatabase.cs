using System.Data;
using System.Data.Common;
using MailCluster.Storage.Search;
using MailCluster.Storage.Spool;

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

    /// <summary>
    /// Behind a SELECT whose rows the same transaction is going to change: no other node may change them meanwhile.
    /// </summary>
    public abstract string ForUpdate { get; }

    /// <summary>Behind a SELECT of rows of <c>message m</c>: no other node may remove them before the transaction ends.</summary>
    public abstract string KeepsMessages { get; }

    /// <summary>
    /// The parameter <c>@ranges</c>, which is JSON such as <c>[[1,3],[7,7]]</c>, as a table <c>r</c> with the columns
    /// <c>first</c> and <c>last</c>.
    /// </summary>
    public abstract string Ranges { get; }

    /// <summary>
    /// The parameter <c>@ids</c>, which is JSON such as <c>["01AB","02CD"]</c>, as a table <c>i</c> with the column
    /// <c>id</c> of those octets.
    /// </summary>
    public abstract string Ids { get; }

    /// <summary>
    /// The table <c>message m</c> for a query of those alone with <c>m.flags &amp; 12 &lt;&gt; 0</c>, by the index of these.
    /// </summary>
    public abstract string MarkedMessages { get; }

    /// <summary>How texts are searched.</summary>
    public abstract TextDialect Text { get; }

    /// <summary>Begins a transaction whose queries all see the same moment.</summary>
    public abstract string BeginReading { get; }

    /// <summary>True where several nodes use the database at the same time.</summary>
    public abstract bool IsShared { get; }

    /// <summary>True where the driver prepares statements by itself, when it has seen them a few times.</summary>
    public abstract bool PreparesItself { get; }

    /// <summary>A connection of one thread, ready to use; the caller owns it.</summary>
    /// <exception cref="DbException">The database cannot be reached.</exception>
    public abstract DbConnection Open();

    /// <summary>Readers of this database, in the way that suits it.</summary>
    /// <param name="name">What they read, for the names of their threads.</param>
    /// <param name="open">Makes a session of one reader.</param>
    public abstract Reads<TSession> OpenReads<TSession>(string name, Func<SqlDatabase, TSession> open)
        where TSession : SqlSession;

    /// <summary>Where the chunks of new bodies go; shared by all writing sessions, which follow one another.</summary>
    public abstract ChunkPlaces NewChunkPlaces();

    /// <summary>What the callers of the store see of a failure.</summary>
    public abstract StorageException Translate(DbException failure);

    /// <summary>What the callers of the store see of a failure of their work, which is not always the database's.</summary>
    public Exception Explain(Exception failure, DbConnection? connection) => failure switch
    {
        DbException trouble => Translate(trouble),
        // What drivers say of a connection that they have found dead meanwhile, or cannot make.
        InvalidOperationException when connection?.State != ConnectionState.Open =>
            new StorageException("The connection to the database was lost.", failure),
        _ => failure,
    };

    /// <summary>Called by the writer between transactions: a place for upkeep that must not grow into a backlog.</summary>
    public virtual void AfterCommit(DbConnection connection)
    {
    }
}
