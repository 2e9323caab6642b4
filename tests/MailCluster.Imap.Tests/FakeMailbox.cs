using System.Collections.Immutable;
using System.Text;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;
using MailCluster.Mail.Structure;

namespace MailCluster.Imap.Tests;

/// <summary>One account in memory, as store and Mailbox together behave: what the sessions of a test share.</summary>
internal sealed partial class FakeMailbox
{
    public static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private Dictionary<BodyId, byte[]> _bodies = [];
    private FakeMailbox? _other;
    private readonly List<FakeFolder> _folders = [];
    private readonly HashSet<FolderName> _subscribed = [];
    private long _lastId;
    private long _modseq = 1;

    public FakeMailbox()
        : this(0)
    {
    }

    /// <param name="lastId">Below all ids of its folders, which no other mailbox may have.</param>
    private FakeMailbox(long lastId)
    {
        _lastId = lastId;
        foreach (var (name, use) in new[] { ("INBOX", null), ("Sent", @"\Sent"), ("Trash", @"\Trash") })
        {
            Add(FolderName.Parse(name), use);
            _subscribed.Add(FolderName.Parse(name));
        }
    }

    /// <summary>A folder has changed: its id and MODSEQ; 0 for "look yourself".</summary>
    public event Action<FolderId, long>? Changed;

    public IReadOnlyDictionary<BodyId, byte[]> Bodies => _bodies;

    public FakeFolder? Find(FolderName name) => _folders.Find(folder => folder.Name == name);

    public FakeFolder? Find(FolderId id) => _folders.Find(folder => folder.Id == id);

    public BodyId AddBody(byte[] octets)
    {
        var id = new BodyId((UInt128)(_bodies.Count + 1));
        _bodies[id] = octets;
        return id;
    }

    public FolderList List() => new(
        [.. _folders.Select(folder => folder.Snapshot()).OrderBy(f => f.Name.Text, StringComparer.Ordinal)],
        [.. _subscribed.OrderBy(name => name.Text, StringComparer.Ordinal)]);

    public MessageStructure Structure(BodyId body) =>
        MessageStructureReader.ReadAsync(new MemoryStream(_bodies[body])).GetAwaiter().GetResult();

    public void Deliver(string folder, string message)
    {
        var octets = Encoding.UTF8.GetBytes(message);
        Apply(new MailboxChange.Append(
            FolderName.Parse(folder),
            [new AppendEntry(AddBody(octets), octets.Length, "Return-Path: <>\r\n", MessageFlags.None, [], Now)]));
    }

    public ChangeResult Apply(MailboxChange change)
    {
        var result = Carry(change);
        if (change is MailboxChange.CreateFolder or MailboxChange.DeleteFolder or MailboxChange.RenameFolder
            or MailboxChange.Subscribe or MailboxChange.Annotate)
        {
            Changed?.Invoke(default, 0);
        }

        return result;
    }

    private ChangeResult Carry(MailboxChange change) => change switch
    {
        MailboxChange.CreateFolder create => Create(create),
        MailboxChange.DeleteFolder delete => Delete(delete.Name),
        MailboxChange.RenameFolder rename => Rename(rename),
        MailboxChange.Subscribe subscribe => Subscribe(subscribe),
        MailboxChange.Append append => Append(append),
        MailboxChange.Replace replace => Replace(replace),
        MailboxChange.StoreFlags store => Store(store, FolderRights.All),
        MailboxChange.Copy copy => Copy(this, copy.From, copy.Uids, copy.To, moves: false, FolderRights.All),
        MailboxChange.Move move => Copy(this, move.From, move.Uids, move.To, moves: true, FolderRights.All),
        MailboxChange.Expunge expunge => Expunge(Find(expunge.Folder)!, expunge.Uids, MessageFlags.Deleted),
        MailboxChange.Annotate annotate => Annotate(annotate),
        _ => throw new ArgumentOutOfRangeException(nameof(change)),
    };

    private FakeFolder Add(FolderName name, string? use)
    {
        var folder = new FakeFolder(new FolderId(++_lastId), name, use, new UidValidity((uint)++_lastId));
        _folders.Add(folder);
        return folder;
    }

    private FolderChange Create(MailboxChange.CreateFolder create)
    {
        if (Find(create.Name) is not null)
        {
            return new FolderChange(FolderOutcome.AlreadyExists);
        }

        for (var above = create.Name.Parent; above is { } parent && Find(parent) is null; above = parent.Parent)
        {
            Add(parent, null).HighestModSeq = ++_modseq;
        }

        var made = Add(create.Name, create.SpecialUse);
        made.HighestModSeq = ++_modseq;
        return new FolderChange(FolderOutcome.Done, made.Id);
    }

    private FolderChange Delete(FolderName name)
    {
        if (name.IsInbox)
        {
            return new FolderChange(FolderOutcome.NotAllowed);
        }

        if (Find(name) is not { } folder)
        {
            return new FolderChange(FolderOutcome.NoSuchFolder);
        }

        if (_folders.Exists(other => other.Name.IsBelow(name)))
        {
            return new FolderChange(FolderOutcome.HasChildren);
        }

        _folders.Remove(folder);
        Forget(folder.Id);
        _modseq++;
        return new FolderChange(FolderOutcome.Done, folder.Id);
    }

    private FolderChange Rename(MailboxChange.RenameFolder rename)
    {
        if (Find(rename.From) is not { } folder)
        {
            return new FolderChange(FolderOutcome.NoSuchFolder);
        }

        if (Find(rename.To) is not null)
        {
            return new FolderChange(FolderOutcome.AlreadyExists);
        }

        foreach (var other in _folders.Where(f => f.Name.IsBelow(rename.From)))
        {
            other.Name = FolderName.Parse(rename.To.Text + other.Name.Text[rename.From.Text.Length..]);
        }

        folder.Name = rename.To;
        folder.HighestModSeq = ++_modseq;
        return new FolderChange(FolderOutcome.Done, folder.Id);
    }

    private FolderChange Subscribe(MailboxChange.Subscribe subscribe)
    {
        _ = subscribe.Subscribed ? _subscribed.Add(subscribe.Name) : _subscribed.Remove(subscribe.Name);
        return new FolderChange(FolderOutcome.Done);
    }

    private AppendResult Append(MailboxChange.Append append)
    {
        if (Find(append.Folder) is not { } folder)
        {
            return new AppendResult(FolderOutcome.NoSuchFolder);
        }

        if (!Fits(append.Entries.Sum(entry => entry.BodySize + entry.Prefix.Length), append.Entries.Length))
        {
            return new AppendResult(FolderOutcome.OverQuota);
        }

        var before = folder.HighestModSeq;
        var modseq = ++_modseq;
        var uids = append.Entries.Select(entry => folder.Add(entry, modseq)).ToList();
        Tell(folder, modseq);
        return new AppendResult(FolderOutcome.Done, folder.Id, folder.UidValidity, UidSet.Of(uids), modseq, before);
    }

    private ReplaceResult Replace(MailboxChange.Replace replace)
    {
        var from = Find(replace.From)!;
        if (Find(replace.To) is null)
        {
            return new ReplaceResult(FolderOutcome.NoSuchFolder);
        }

        if (!from.Messages.ContainsKey(replace.Uid))
        {
            return new ReplaceResult(FolderOutcome.NoSuchMessage);
        }

        var before = from.HighestModSeq;
        var appended = Append(new MailboxChange.Append(replace.To, [replace.Entry]));
        var gone = UidSet.Of([replace.Uid]);
        from.Remove(gone, ++_modseq);
        Tell(from, _modseq);
        return new ReplaceResult(
            FolderOutcome.Done, appended, new ExpungeResult(FolderOutcome.Done, gone, _modseq, before));
    }

    private FlagsResult Store(MailboxChange.StoreFlags store, FolderRights rights)
    {
        var folder = Find(store.Folder)!;
        var before = folder.HighestModSeq;
        var modseq = _modseq + 1;
        var failed = new List<Uid>();
        var changed = new List<FlaggedUids>();
        foreach (var uid in folder.Messages.Keys.Where(store.Uids.Contains).ToList())
        {
            var message = folder.Messages[uid];
            if (message.ModSeq > store.Change.UnchangedSince)
            {
                failed.Add(uid);
                continue;
            }

            var renewed = FakeFolder.With(message, store.Change, rights) with { ModSeq = modseq };
            if (renewed.Flags != message.Flags || !renewed.Keywords.SequenceEqual(message.Keywords))
            {
                folder.Messages[uid] = renewed;
                changed.Add(new FlaggedUids(renewed.Flags, renewed.Keywords, UidSet.Of([uid])));
            }
        }

        if (changed.Count > 0)
        {
            _modseq = modseq;
            Tell(folder, modseq);
        }

        return new FlagsResult(
            FolderOutcome.Done, changed.Count > 0 ? modseq : 0, [.. changed], UidSet.Of(failed), before);
    }

    private CopyResult Copy(
        FakeMailbox owner, FolderId from, UidSet uids, FolderName name, bool moves, FolderRights rights)
    {
        var source = owner.Find(from)!;
        if (Find(name) is not { } target)
        {
            return new CopyResult(FolderOutcome.NoSuchFolder);
        }

        var found = source.Messages.Values.Where(message => uids.Contains(message.Uid)).ToList();
        if (!moves && !Fits(found.Sum(message => message.Size), found.Count))
        {
            return new CopyResult(FolderOutcome.OverQuota);
        }

        var before = source.HighestModSeq;
        var result = new CopyResult(
            FolderOutcome.Done, target.Id, target.UidValidity, UidSet.Of(found.Select(m => m.Uid)), UidSet.Empty);
        if (found.Count == 0)
        {
            return result;
        }

        var modseq = ++_modseq;
        var copies = found.Select(message => target.Add(
            message with { Flags = message.Flags & rights.ChangeableFlags() }, modseq)).ToList();
        var removed = moves ? ++_modseq : 0;
        if (moves)
        {
            source.Remove(result.From!, removed);
            source.HighestModSeq = removed;
        }

        Tell(target, modseq); // one transaction: nobody sees a half of it
        if (moves)
        {
            Tell(source, removed);
        }

        return result with { To = UidSet.Of(copies), ToModSeq = modseq, FromModSeq = removed, FromBefore = before };
    }

    private ExpungeResult Expunge(FakeFolder folder, UidSet uids, MessageFlags flag)
    {
        var gone = UidSet.Of(folder.Messages.Values
            .Where(message => message.Flags.HasFlag(flag) && uids.Contains(message.Uid))
            .Select(message => message.Uid));
        if (gone.IsEmpty)
        {
            return new ExpungeResult(FolderOutcome.Done, gone, 0);
        }

        var before = folder.HighestModSeq;
        folder.Remove(gone, ++_modseq);
        Tell(folder, _modseq);
        return new ExpungeResult(FolderOutcome.Done, gone, _modseq, before);
    }

    private void Tell(FakeFolder folder, long modseq)
    {
        folder.HighestModSeq = modseq;
        Changed?.Invoke(folder.Id, modseq);
    }
}
