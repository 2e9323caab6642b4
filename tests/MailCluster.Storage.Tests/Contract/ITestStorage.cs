using MailCluster.Storage.Directory;
using MailCluster.Storage.Mailboxes;
using MailCluster.Storage.Search;
using MailCluster.Storage.Spool;

namespace MailCluster.Storage.Tests.Contract;

/// <summary>One implementation of the store, empty when it is opened first.</summary>
public interface ITestStorage : IAsyncDisposable
{
    ISpool Spool { get; }

    IMailboxStore Mailboxes { get; }

    IFolderStore Folders { get; }

    IFolderReader FolderReader { get; }

    ITextIndex Texts { get; }

    IDirectory Directory { get; }

    IDirectoryAdministration Administration { get; }

    /// <summary>Opens a second store on the same data, as another process or node would.</summary>
    Task<ITestStorage> OpenAnotherAsync();

    /// <summary>Closes the store and opens it again on what is on disk.</summary>
    Task ReopenAsync();
}
