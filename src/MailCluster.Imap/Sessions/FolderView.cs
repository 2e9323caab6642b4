using MailCluster.Imap.Commands;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Sessions;

/// <summary>The folders of an account as LIST shows them.</summary>
internal sealed class FolderView
{
    private readonly Dictionary<FolderName, Folder> _folders;
    private readonly HashSet<FolderName> _subscribed;
    private readonly HashSet<FolderName> _parents = [];

    public FolderView(FolderList list)
    {
        _folders = list.Folders.ToDictionary(folder => folder.Name);
        _subscribed = [.. list.Subscribed];
        foreach (var folder in list.Folders)
        {
            for (var above = folder.Name.Parent; above is { } parent && _parents.Add(parent); above = parent.Parent)
            {
            }
        }
    }

    public IEnumerable<FolderName> Names(bool subscribed) =>
        (subscribed ? _subscribed.AsEnumerable() : _folders.Keys).OrderBy(name => name.Text, StringComparer.Ordinal);

    /// <summary>Names that only stand above others: folders that are not there, or that others do not show.</summary>
    public IEnumerable<FolderName> Missing => _parents.Where(name => !_folders.ContainsKey(name));

    public Folder? Find(FolderName name) => _folders.GetValueOrDefault(name);

    /// <summary>RFC 9051 §7.3.1.</summary>
    public string Attributes(FolderName name, ListOptions options)
    {
        var folder = Find(name);
        var words = new List<string> { _parents.Contains(name) ? @"\HasChildren" : @"\HasNoChildren" };
        if (folder is null)
        {
            words.Insert(0, @"\NonExistent");
            if (_parents.Contains(name))
            {
                words.Insert(1, @"\Noselect"); // the same, for who does not know the other
            }
        }

        if (folder?.SpecialUse is { } use)
        {
            words.Add(use);
        }

        if (options.ReturnSubscribed && _subscribed.Contains(name))
        {
            words.Add(@"\Subscribed");
        }

        return string.Join(' ', words);
    }
}
