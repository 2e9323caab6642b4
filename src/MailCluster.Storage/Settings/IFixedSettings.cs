namespace MailCluster.Storage.Settings;

/// <summary>
/// Settings on which what is stored depends, such as the number of partitions: the first node that starts on a database
/// writes them there, and who comes with another value is refused, before it strands mail that nobody would look for.
/// Safe for any number of nodes.
/// </summary>
public interface IFixedSettings
{
    /// <summary>Returns what the database was begun with; this value where it is the first.</summary>
    /// <exception cref="StorageException">The database failed.</exception>
    Task<string> FixAsync(string name, string value, CancellationToken cancellation);
}
