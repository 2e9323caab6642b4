namespace MailCluster.Storage.Spool;

/// <summary>
/// Gives each body a range of places for its chunks, always behind all others, so that new bodies go to the end of the
/// table and the chunks of each stand side by side. No range is given twice while the process lives: a reader that is
/// slow must find nothing where its body was deleted, never the chunks of somebody else's. Touched only by the spool's
/// writer.
/// </summary>
internal sealed class ChunkPlaces
{
    /// <summary>Octets of every chunk but the last.</summary>
    public const int ChunkLength = 64 * 1024;

    /// <summary>Places of one body; with the length of a chunk this allows 4 GiB.</summary>
    public const int PerBody = 64 * 1024;

    private long _last;

    /// <summary>The place of the first chunk of a new body.</summary>
    public long NextBody()
    {
        var body = (_last / PerBody) + 1;
        return _last = body * PerBody;
    }

    /// <summary>Places up to this one are taken.</summary>
    public void SkipTo(long place) => _last = Math.Max(_last, place);
}
