using MailCluster.Storage.Sql;

namespace MailCluster.Storage.Spool;

/// <summary>
/// Gives each body a range of places for its chunks, behind all others of the same writer, so that new bodies go to the
/// end of the table and the chunks of each stand side by side. No range is given twice while a process lives: a reader
/// that is slow must find nothing where its body was deleted, never the chunks of somebody else's. Touched only by the
/// spool's writer.
/// </summary>
internal abstract class ChunkPlaces
{
    /// <summary>Octets of every chunk but the last.</summary>
    public const int ChunkLength = 64 * 1024;

    /// <summary>Places of one body; with the length of a chunk this allows 4 GiB.</summary>
    public const int PerBody = 64 * 1024;

    /// <summary>What the database is asked; its answer is one number.</summary>
    public abstract string Query { get; }

    /// <summary>A transaction has begun; <paramref name="query"/> runs <see cref="Query"/> in it.</summary>
    public abstract void OnBegin(Statement query);

    /// <summary>The place of the first chunk of a new body.</summary>
    public abstract long NextBody(Statement query);
}
