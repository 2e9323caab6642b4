using System.Buffers;
using System.Net;
using MailCluster.Imap.Sessions;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Tests;

/// <summary>
/// A session in whose mailbox are as many messages as one likes, all alike and none in memory. What it writes is counted
/// and thrown away, each time that a host would send it.
/// </summary>
internal sealed class PumpedHost
{
    private static readonly FolderId Inbox = new(1);

    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly uint _messages;
    private readonly ImapSession _session;
    private long _modseq = 1;

    public PumpedHost(uint messages = 0, ImapOptions? options = null)
    {
        _messages = messages;
        _session = new ImapSession(
            options ?? ScriptedHost.DefaultOptions, new ImapPeer(IPAddress.Loopback, 4711, true, new SessionId(1)), new StoppedClock());
        _session.Greet(_output);
        Feed("t LOGIN bob@hamburger.edu secret\r\nt SELECT INBOX\r\n"u8);
    }

    /// <summary>The most that was written before a host would have sent it.</summary>
    public long MostPending { get; private set; }

    public long Written { get; private set; }

    /// <summary>Beside the INBOX, each with a name as long as can be.</summary>
    public int Folders { get; init; }

    public bool IsClosed { get; private set; }

    public string LastReplies { get; private set; } = "";

    public void Feed(ReadOnlySpan<byte> octets)
    {
        var input = new ReadOnlySequence<byte>(octets.ToArray());
        while (!IsClosed)
        {
            var effect = _session.Advance(ref input, _output);
            if (effect is SessionEffect.Flush or SessionEffect.SendSlice or SessionEffect.ReadMore or SessionEffect.Close)
            {
                Send();
            }

            IsClosed = effect is SessionEffect.Close;
            if (effect is SessionEffect.ReadMore or SessionEffect.Close)
            {
                Assert.True(IsClosed || input.IsEmpty, "all input is taken");
                return;
            }

            _session.Answer(Answer(effect));
        }
    }

    /// <summary>Every message was changed by somebody else.</summary>
    public void ChangeAll() => _session.Note(Inbox, ++_modseq);

    private void Send()
    {
        MostPending = Math.Max(MostPending, _output.WrittenCount);
        Written += _output.WrittenCount;
        LastReplies = System.Text.Encoding.ASCII.GetString(_output.WrittenSpan[^Math.Min(_output.WrittenCount, 1_000)..]);
        _output.ResetWrittenCount();
    }

    private EffectAnswer Answer(SessionEffect effect) => effect switch
    {
        SessionEffect.CheckPassword => new EffectAnswer.PasswordChecked(new LoginAccount(new AccountId(1), "bob@hamburger.edu")),
        SessionEffect.FindFolder => new EffectAnswer.Found(Folder),
        SessionEffect.OpenFolder => new EffectAnswer.Opened(new OpenedFolder(Folder, All)),
        SessionEffect.ListFolders => new EffectAnswer.Folders(new FolderList(
            [Folder, .. Enumerable.Range(0, Folders).Select(i => Folder with { Name = Long(i) })],
            [.. Enumerable.Range(0, Folders).Select(Long)])),
        SessionEffect.ReadNews => new EffectAnswer.News(new FolderNews(Folder, All, new ExpungedUids(UidSet.Empty, false))),
        SessionEffect.Fetch fetch => new EffectAnswer.Messages([.. fetch.Uids.Intersect(Above(fetch.After)).Uids()
            .Take(fetch.Limit).Select(Message)]),
        SessionEffect.FindUids find => new EffectAnswer.Uids(find.Criteria.Uids.Intersect(All)),
        SessionEffect.FindModSeq => new EffectAnswer.HighestModSeq(_modseq),
        SessionEffect.FindText find => new EffectAnswer.Uids(find.Uids),
        SessionEffect.ReadExpunged => new EffectAnswer.Expunged(new ExpungedUids(UidSet.Empty, false)),
        SessionEffect.Change { What: MailboxChange.StoreFlags store } => new EffectAnswer.Changed(new FlagsResult(
            FolderOutcome.Done, ++_modseq, [new FlaggedUids(store.Change.Flags, [], store.Uids)], UidSet.Empty, _modseq - 1)),
        SessionEffect.Change { What: MailboxChange.Append } => new EffectAnswer.Changed(new AppendResult(
            FolderOutcome.Done, new FolderId(2), new UidValidity(1), UidSet.Of([new Uid(1)]), ++_modseq)),
        SessionEffect.EndBody => new EffectAnswer.BodyStored(new BodyId((UInt128)1), 1),
        _ => EffectAnswer.Done.Instance,
    };

    private static FolderName Long(int i) => FolderName.Parse($"{i:0000}" + new string('x', FolderName.MaxOctets - 4));

    private static UidSet Above(Uid uid) => UidSet.Of(new UidRange(new Uid(uid.Value + 1), new Uid(uint.MaxValue)));

    private UidSet All => _messages == 0 ? UidSet.Empty : UidSet.Of(new UidRange(new Uid(1), new Uid(_messages)));

    private Folder Folder => new(
        Inbox, FolderName.Inbox, null, new UidValidity(1), new Uid(_messages + 1), _modseq, _messages, 0, 0, 0, 0, []);

    private FetchedMessage Message(Uid uid) => new(uid, _modseq, MessageFlags.Seen, [])
    {
        Size = 1_000,
        InternalDate = FakeMailbox.Now,
        SaveDate = FakeMailbox.Now,
        Body = new BodyId((UInt128)1),
        Prefix = "",
    };
}
