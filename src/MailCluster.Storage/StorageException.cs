namespace MailCluster.Storage;

/// <summary>The store could not do what was asked. Unknown trouble is transient: mail is never lost by a surprise.</summary>
public sealed class StorageException : Exception
{
    public StorageException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public StorageException(string message)
        : base(message)
    {
    }

    public StorageException()
        : base("The store failed.")
    {
    }

    /// <summary>The disk or tablespace is full: senders hear 452 4.3.1 rather than 451.</summary>
    public bool IsFull { get; init; }
}
