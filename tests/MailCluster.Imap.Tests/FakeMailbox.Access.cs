using System.Collections.Immutable;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Tests;

/// <summary>A second account beside the first, and what each may do with the folders of the other.</summary>
internal sealed partial class FakeMailbox
{
    private readonly Dictionary<FolderId, List<(AccessIdentifier Identifier, FolderRights Rights)>> _access = [];

    public AccountId Account { get; private init; } = new(1);

    public string Address { get; private init; } = "bob@hamburger.edu";

    /// <summary>Alice's, as Bob's sees it.</summary>
    public FakeMailbox Other => _other ??= new FakeMailbox(1_000)
    {
        Account = new AccountId(2),
        Address = "alice@hamburger.edu",
        _bodies = _bodies,
        _other = this,
    };

    public FolderRights RightsOf(FolderId folder, AccountId asker) =>
        asker == Account ? Access(folder).RightsOfOwner(Account) : Access(folder).RightsOf(asker);

    public Folder? Snapshot(FakeFolder? folder, AccountId asker) =>
        folder is null ? null : folder.Snapshot() with { Rights = RightsOf(folder.Id, asker) };

    public ImmutableArray<SharedFolder> SharedWith(AccountId asker) =>
        [.. _folders.Select(folder => Snapshot(folder, asker)!).Where(folder => folder.Rights.HasFlag(FolderRights.Lookup))
            .Select(folder => new SharedFolder(Account, Address, folder))];

    public ImmutableArray<AccessEntry> Entries(FolderId folder) => [.. Access(folder)
        .Select(entry => new AccessEntry(
            entry.Identifier,
            entry.Identifier.IsAnyone ? "" : entry.Identifier.Account == Account ? Address : Other.Address,
            entry.Rights))
        .OrderBy(entry => entry.Identifier.IsAnyone).ThenBy(entry => entry.Address)];

    /// <summary>What the store does where a change is asked for by name.</summary>
    public ChangeResult ApplyAs(AccountId asker, MailboxChange change)
    {
        var folder = change switch
        {
            MailboxChange.DeleteFolder c => Find(c.Name),
            MailboxChange.RenameFolder c => Find(c.From),
            MailboxChange.Append c => Find(c.Folder),
            MailboxChange.Replace c => Find(c.To),
            MailboxChange.SetRights c => Find(c.Folder),
            MailboxChange.CopyFrom c => Find(c.To),
            MailboxChange.StoreFlags c => Find(c.Folder),
            MailboxChange.Expunge c => Find(c.Folder),
            MailboxChange.Remove c => Find(c.Folder),
            MailboxChange.Copy c => Find(c.To),
            MailboxChange.Move c => Find(c.To),
            MailboxChange.CreateFolder c => NearestAbove(c.Name),
            _ => null,
        };
        if (change is MailboxChange.CreateFolder && folder is null)
        {
            return asker == Account ? Apply(change) : Refused(change, FolderOutcome.NoRight);
        }

        if (folder is null)
        {
            return Refused(change, FolderOutcome.NoSuchFolder);
        }

        var rights = RightsOf(folder.Id, asker);
        return Refusal(change, rights, asker) is { } refusal ? Refused(change, refusal) : change switch
        {
            MailboxChange.SetRights set => SetRights(folder, set),
            MailboxChange.CopyFrom copy => Copy(Other, copy.From, copy.Uids, copy.To, moves: false, rights),
            MailboxChange.Remove remove => Expunge(folder, remove.Uids, MessageFlags.None),
            MailboxChange.StoreFlags store => Store(store, rights),
            MailboxChange.Copy copy => Copy(this, copy.From, copy.Uids, copy.To, moves: false, rights),
            MailboxChange.Move move => Copy(this, move.From, move.Uids, move.To, moves: true, rights),
            MailboxChange.Append append => Apply(append with
            {
                Entries = [.. append.Entries.Select(entry => entry with { Flags = entry.Flags & rights.ChangeableFlags() })],
            }),
            MailboxChange.CreateFolder create => CreateBelow(folder, create),
            _ => Apply(change),
        };
    }

    private FolderOutcome? Refusal(MailboxChange change, FolderRights rights, AccountId asker)
    {
        var isAllowed = change switch
        {
            MailboxChange.StoreFlags store => rights.AllowsSome(store.Change),
            MailboxChange.CopyFrom copy => rights.HasFlag(FolderRights.Insert)
                && Other.RightsOf(copy.From, asker).HasFlag(FolderRights.Read),
            MailboxChange.Move move => rights.HasFlag(FolderRights.Insert)
                && RightsOf(move.From, asker).HasFlag(FolderRights.DeleteMessages | FolderRights.Expunge),
            _ => rights.HasFlag(change switch
            {
                MailboxChange.DeleteFolder or MailboxChange.RenameFolder => FolderRights.DeleteFolder,
                MailboxChange.Append or MailboxChange.Copy or MailboxChange.Replace => FolderRights.Insert,
                MailboxChange.SetRights => FolderRights.Administer,
                MailboxChange.Expunge => FolderRights.Expunge,
                MailboxChange.Remove => FolderRights.DeleteMessages | FolderRights.Expunge,
                _ => FolderRights.CreateBelow,
            }),
        };
        return isAllowed ? null
            : rights.HasFlag(FolderRights.Lookup) || change is MailboxChange.CreateFolder ? FolderOutcome.NoRight
            : FolderOutcome.NoSuchFolder;
    }

    private static ChangeResult Refused(MailboxChange change, FolderOutcome outcome) => change switch
    {
        MailboxChange.Append => new AppendResult(outcome),
        MailboxChange.Replace => new ReplaceResult(outcome),
        MailboxChange.StoreFlags => new FlagsResult(outcome, 0, [], UidSet.Empty),
        MailboxChange.Copy or MailboxChange.Move or MailboxChange.CopyFrom => new CopyResult(outcome),
        MailboxChange.Expunge or MailboxChange.Remove => new ExpungeResult(outcome, UidSet.Empty, 0),
        _ => new FolderChange(outcome),
    };

    private FakeFolder? NearestAbove(FolderName name)
    {
        var above = name.Parent;
        while (above is { } parent && Find(parent) is null)
        {
            above = parent.Parent;
        }

        return above is { } found ? Find(found) : null;
    }

    private FolderChange CreateBelow(FakeFolder above, MailboxChange.CreateFolder create)
    {
        var before = _folders.ToHashSet();
        var result = Create(create);
        foreach (var folder in _folders.Except(before))
        {
            _access[folder.Id] = [.. Access(above.Id)];
        }

        Changed?.Invoke(default, 0);
        return result;
    }

    private FolderChange SetRights(FakeFolder folder, MailboxChange.SetRights change)
    {
        var entries = Access(folder.Id);
        var own = new AccessIdentifier(Account, false);
        var before = entries.Find(entry => entry.Identifier == change.Identifier) is { Rights: > 0 } found ? found.Rights
            : change.Identifier == own ? FolderRights.All : FolderRights.None;
        var after = change.Action switch
        {
            FlagsAction.Add => before | change.Rights,
            FlagsAction.Remove => before & ~change.Rights,
            _ => change.Rights,
        };
        entries.RemoveAll(entry => entry.Identifier == change.Identifier);
        if (after != FolderRights.None || change.Identifier == own)
        {
            entries.Add((change.Identifier, after));
        }

        Changed?.Invoke(folder.Id, 0);
        return new FolderChange(FolderOutcome.Done, folder.Id);
    }

    private List<(AccessIdentifier Identifier, FolderRights Rights)> Access(FolderId folder) =>
        _access.TryGetValue(folder, out var entries) ? entries : _access[folder] = [];
}
