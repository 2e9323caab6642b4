using MailCluster.Mail.Mailboxes;

namespace MailCluster.Node.Migration;

/// <summary>Where mail comes from; nothing changes there. Used by one caller at a time.</summary>
/// <exception cref="Commands.CommandRefusedException">Every member: the source as a whole cannot be read any more.</exception>
internal interface IMailSource : IAsyncDisposable
{
    /// <summary>The folders, those above before those below.</summary>
    Task<IReadOnlyList<SourceFolder>> ListFoldersAsync(CancellationToken cancellation);

    /// <summary>The messages of a folder, in the order in which they came; each is read when it is asked for.</summary>
    IAsyncEnumerable<SourceMessage> ReadAsync(SourceFolder folder, CancellationToken cancellation);
}

/// <summary>A folder of the source.</summary>
/// <param name="Path">What the source calls it.</param>
/// <param name="Name">What it is to be called here; null where no folder can be called so.</param>
/// <param name="Messages">As far as the source knows beforehand.</param>
internal sealed record SourceFolder(
    string Path, FolderName? Name, string? SpecialUse = null, bool IsSubscribed = false, bool HasMessages = true,
    long? Messages = null);

/// <summary>A message of the source, or what could have been one.</summary>
/// <param name="Name">For people.</param>
internal abstract record SourceMessage(string Name)
{
    /// <param name="Key">The same in every run; of no other message.</param>
    /// <param name="Flags">As a list in parentheses.</param>
    /// <param name="InternalDate">Null where the source does not know.</param>
    /// <param name="Size">About how many octets; 0 where the source does not know.</param>
    /// <param name="WriteToAsync">Writes the octets, as often as it is called. Throws <see cref="IOException"/>.</param>
    public sealed record Readable(
        string Name, ImportKey Key, string Flags, DateTimeOffset? InternalDate, long Size,
        Func<Stream, CancellationToken, Task> WriteToAsync)
        : SourceMessage(Name);

    public sealed record Unreadable(string Name, string Reason) : SourceMessage(Name);
}
