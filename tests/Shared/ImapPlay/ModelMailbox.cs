using MailCluster.Mail.Mailboxes;

namespace MailCluster.ImapPlay;

/// <summary>
/// What a mailbox is, in plain lists, written from the RFCs alone: it carries out each change beside the store that is
/// tested, and throws where that one did something else.
/// </summary>
internal sealed class ModelMailbox
{
    private readonly Dictionary<FolderId, ModelFolder> _folders = [];
    private readonly Dictionary<FolderName, ModelFolder> _byName = [];
    private long _lastModSeq;

    public ModelFolder Inbox => _byName[FolderName.Inbox];

    public void Add(Folder folder)
    {
        var model = new ModelFolder { HighestModSeq = folder.HighestModSeq };
        _folders.Add(folder.Id, model);
        _byName.Add(folder.Name, model);
        _lastModSeq = Math.Max(_lastModSeq, folder.HighestModSeq);
    }

    public void Apply(MailboxChange change, ChangeResult result)
    {
        switch (change)
        {
            case MailboxChange.Append append:
                Append(append, (AppendResult)result);
                break;
            case MailboxChange.StoreFlags store:
                Store(store, (FlagsResult)result);
                break;
            case MailboxChange.Copy copy:
                Copy(_folders[copy.From], copy.Uids, _byName[copy.To], (CopyResult)result, moves: false);
                break;
            case MailboxChange.Move move:
                Copy(_folders[move.From], move.Uids, _byName[move.To], (CopyResult)result, moves: true);
                break;
            case MailboxChange.Expunge expunge:
                Expunge(_folders[expunge.Folder], expunge.Uids, (ExpungeResult)result);
                break;
        }
    }

    private void Append(MailboxChange.Append append, AppendResult result)
    {
        var folder = _byName[append.Folder];
        Same(folder.HighestModSeq, result.Before, "the MODSEQ before an append");
        NewModSeq(folder, result.ModSeq);
        Same(append.Entries.Length, (int)result.Uids!.Count, "UIDs of an append");
        foreach (var (entry, uid) in append.Entries.Zip(result.Uids.Uids()))
        {
            var named = Flags.Split(Flags.Text(entry.Flags, entry.Keywords));
            folder.Add(uid.Value, Flags.After("", FlagsAction.Replace, named), result.ModSeq);
        }
    }

    private void Store(MailboxChange.StoreFlags store, FlagsResult result)
    {
        var folder = _folders[store.Folder];
        var named = Flags.Split(Flags.Text(store.Change.Flags, store.Change.Keywords));
        var changed = new List<ModelMessage>();
        var failed = new List<uint>();
        foreach (var message in folder.Of(store.Uids))
        {
            var flags = Flags.After(message.Flags, store.Change.Action, named);
            if (message.ModSeq > store.Change.UnchangedSince)
            {
                failed.Add(message.Uid);
            }
            else if (flags != message.Flags)
            {
                (message.Flags, message.ModSeq) = (flags, result.ModSeq);
                changed.Add(message);
            }
        }

        Same(Text(failed), Text(result.Failed), "what a STORE must leave alone");
        Same(
            string.Join(", ", changed.Select(message => $"{message.Uid} {message.Flags}")),
            string.Join(", ", result.Changed
                .SelectMany(group => group.Uids.Uids().Select(uid => (uid, Flags: Flags.Text(group.Flags, group.Keywords))))
                .OrderBy(one => one.uid).Select(one => $"{one.uid.Value} {one.Flags}")),
            "what a STORE changed");
        if (changed.Count == 0)
        {
            Same(0, result.ModSeq, "the MODSEQ of a STORE that changed nothing");
            return;
        }

        Same(folder.HighestModSeq, result.Before, "the MODSEQ before a STORE");
        NewModSeq(folder, result.ModSeq);
    }

    private void Copy(ModelFolder from, UidSet uids, ModelFolder to, CopyResult result, bool moves)
    {
        var before = from.HighestModSeq;
        var taken = from.Of(uids).ToList();
        Same(Text(taken.Select(message => message.Uid)), Text(result.From!), "the source of a copy");
        Same(taken.Count, (int)result.To!.Count, "UIDs of a copy");
        if (taken.Count == 0)
        {
            return;
        }

        NewModSeq(to, result.ToModSeq);
        foreach (var (message, uid) in taken.Zip(result.To.Uids()))
        {
            to.Add(uid.Value, message.Flags, result.ToModSeq);
        }

        if (moves)
        {
            NewModSeq(from, result.FromModSeq);
            Same(before, result.FromBefore, "the MODSEQ before a move");
            from.Messages.RemoveAll(taken.Contains);
        }
    }

    private void Expunge(ModelFolder folder, UidSet uids, ExpungeResult result)
    {
        var gone = folder.Of(uids).Where(message => Flags.Split(message.Flags).Contains(@"\Deleted")).ToList();
        Same(Text(gone.Select(message => message.Uid)), Text(result.Uids), "what an expunge removed");
        if (gone.Count > 0)
        {
            Same(folder.HighestModSeq, result.Before, "the MODSEQ before an expunge");
            NewModSeq(folder, result.ModSeq);
            folder.Messages.RemoveAll(gone.Contains);
        }
    }

    private void NewModSeq(ModelFolder folder, long modseq)
    {
        Play.Require(modseq > _lastModSeq, $"MODSEQ {modseq} after {_lastModSeq}");
        _lastModSeq = folder.HighestModSeq = modseq;
    }

    private static string Text(IEnumerable<uint> uids) => string.Join(',', uids.Order());

    private static string Text(UidSet uids) => Text(uids.Uids().Select(uid => uid.Value));

    private static void Same<T>(T expected, T actual, string what) =>
        Play.Require(Equals(expected, actual), $"{what}: expected {expected} but was {actual}");
}

internal sealed class ModelFolder
{
    private uint _lastUid;

    public List<ModelMessage> Messages { get; } = [];

    public long HighestModSeq { get; set; }

    public IEnumerable<ModelMessage> Of(UidSet uids) => Messages.Where(message => uids.Contains(new Uid(message.Uid))).ToList();

    public void Add(uint uid, string flags, long modseq)
    {
        Play.Require(uid > _lastUid, $"UID {uid} after {_lastUid}");
        _lastUid = uid;
        Messages.Add(new ModelMessage { Uid = uid, Flags = flags, ModSeq = modseq });
    }
}

internal sealed class ModelMessage
{
    public uint Uid { get; init; }

    public required string Flags { get; set; }

    public long ModSeq { get; set; }
}
