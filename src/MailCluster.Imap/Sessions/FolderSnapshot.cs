using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Sessions;

/// <summary>
/// The folders and subscriptions as the client was last told of them (RFC 5465): what differs from what the store says now is
/// news. What the client does itself goes in here at once, and so is none (§5). Used by one session.
/// </summary>
internal sealed class FolderSnapshot
{
    private readonly Dictionary<FolderId, Known> _folders = [];
    private readonly HashSet<FolderName> _subscribed;

    /// <summary>Made by the client with a name below; not seen yet.</summary>
    private readonly HashSet<FolderName> _expected = [];

    private readonly Dictionary<FolderId, (long ModSeq, long Messages)> _added = [];

    public FolderSnapshot(FolderList list)
    {
        _subscribed = [.. list.Subscribed];
        foreach (var folder in list.Folders)
        {
            _folders[folder.Id] = Known.Of(folder);
        }
    }

    /// <summary>A copy, of this moment.</summary>
    public HashSet<FolderName> Subscribed => [.. _subscribed];

    public void NoteCreated(FolderId id, FolderName name)
    {
        _folders.TryAdd(id, new Known(name, new Uid(1), 0, 0, 0));
        Expect(name.Parent);
    }

    public void NoteDeleted(FolderId id) => _folders.Remove(id);

    public void NoteRenamed(FolderId id, FolderName from, FolderName to)
    {
        if (from.IsInbox)
        {
            NoteCreated(id, to);
            return;
        }

        foreach (var (other, known) in _folders.ToList())
        {
            if ((known.Name == from || known.Name.IsBelow(from))
                && FolderName.TryParse(to.Text + known.Name.Text[from.Text.Length..], out var name))
            {
                _folders[other] = known with { Name = name };
            }
        }

        Expect(to.Parent);
    }

    public void NoteSubscribed(FolderName name, bool isSubscribed) =>
        _ = isSubscribed ? _subscribed.Add(name) : _subscribed.Remove(name);

    /// <summary>So many messages were added to the folder with this MODSEQ.</summary>
    public void NoteAdded(FolderId folder, long messages, long modseq) => _added[folder] = (modseq, messages);

    /// <summary>What the client knows of the mailbox when it leaves it.</summary>
    public void NoteLeft(SelectedFolder left)
    {
        if (_folders.TryGetValue(left.Folder.Id, out var known))
        {
            var messages = left.Numbers.Count - left.Unannounced.Count;
            _folders[left.Folder.Id] =
                new Known(known.Name, left.Folder.UidNext, left.KnownModSeq, messages, left.Folder.Unseen);
        }
    }

    /// <summary>What is new; from here on it is not any more. Messages of the selected mailbox are told elsewhere.</summary>
    public FolderChanges Take(FolderList list, FolderId? selected)
    {
        var changes = new FolderChanges();
        var gone = _folders.Keys.ToHashSet();
        foreach (var folder in list.Folders)
        {
            gone.Remove(folder.Id);
            if (!_folders.TryGetValue(folder.Id, out var known))
            {
                known = new Known(folder.Name, new Uid(1), 0, 0, 0);
                if (!_expected.Contains(folder.Name))
                {
                    changes.Names[folder.Name] = null;
                    changes.AddParent(folder.Name);
                }
            }
            else if (known.Name != folder.Name && !IsMovedAlong(known.Name, folder.Name))
            {
                changes.Names[folder.Name] = known.Name;
            }

            if (folder.Id != selected && !IsOwn(folder, known))
            {
                changes.AddMessages(folder, known);
            }
        }

        foreach (var id in gone)
        {
            var name = _folders[id].Name;
            changes.Names.TryAdd(name, null);
            changes.AddParent(name);
        }

        foreach (var name in list.Subscribed.ToHashSet().Except(_subscribed).Concat(_subscribed.Except(list.Subscribed)))
        {
            changes.Subscriptions.Add(name);
        }

        Load(list, selected);
        return changes;

        // RFC 5465 §5.4: of a renamed folder's inferiors nothing is said.
        bool IsMovedAlong(FolderName from, FolderName to) => from.Parent is { } above && to.Parent is { } now
            && from.Text[above.Text.Length..] == to.Text[now.Text.Length..]
            && list.Folders.Any(other =>
                other.Name == now && _folders.TryGetValue(other.Id, out var parent) && parent.Name == above && above != now);
    }

    private bool IsOwn(Folder folder, Known known) => _added.TryGetValue(folder.Id, out var added)
        && folder.HighestModSeq == added.ModSeq && folder.Messages == known.Messages + added.Messages;

    private void Load(FolderList list, FolderId? selected)
    {
        // Of the selected mailbox the session may not have told yet what the list has: it stays until it is left.
        var kept = selected is { } id && _folders.TryGetValue(id, out var known) ? known : (Known?)null;
        _folders.Clear();
        _expected.Clear();
        _added.Clear();
        _subscribed.Clear();
        _subscribed.UnionWith(list.Subscribed);
        foreach (var folder in list.Folders)
        {
            _folders[folder.Id] = folder.Id == selected && kept is { } before
                ? before with { Name = folder.Name }
                : Known.Of(folder);
        }
    }

    private void Expect(FolderName? name)
    {
        for (; name is { } missing; name = missing.Parent)
        {
            _expected.Add(missing);
        }
    }

    /// <param name="ModSeq">0 for a folder that was made since.</param>
    internal readonly record struct Known(FolderName Name, Uid UidNext, long ModSeq, long Messages, long Unseen)
    {
        public static Known Of(Folder folder) =>
            new(folder.Name, folder.UidNext, folder.HighestModSeq, folder.Messages, folder.Unseen);
    }
}

/// <summary>What others did to folders since the client was last told.</summary>
internal sealed class FolderChanges
{
    /// <summary>Made, deleted or renamed, or above those; with the name before where it was renamed.</summary>
    public SortedDictionary<FolderName, FolderName?> Names { get; } = new(ByText);

    public SortedSet<FolderName> Subscriptions { get; } = new(ByText);

    public List<ChangedFolder> Messages { get; } = [];

    private static Comparer<FolderName> ByText => Comparer<FolderName>.Create((a, b) => string.CompareOrdinal(a.Text, b.Text));

    /// <summary>RFC 5465 §5.4: the direct parent is affected too.</summary>
    public void AddParent(FolderName name)
    {
        if (name.Parent is { } parent)
        {
            Names.TryAdd(parent, null);
        }
    }

    public void AddMessages(Folder folder, FolderSnapshot.Known known)
    {
        // Whatever happens to messages gives the folder a higher one, so that below it nothing is new.
        if (folder.HighestModSeq <= known.ModSeq)
        {
            return;
        }

        var counts = folder.Messages != known.Messages || folder.UidNext != known.UidNext;
        if (counts || known.ModSeq > 0)
        {
            Messages.Add(new ChangedFolder(folder, counts, folder.Unseen != known.Unseen, known.ModSeq == 0));
        }
    }
}

/// <param name="HasNewCounts">Messages came or went.</param>
internal sealed record ChangedFolder(Folder Folder, bool HasNewCounts, bool HasNewUnseen, bool IsNew);
