using System.Buffers;
using System.Net;
using System.Text;
using MailCluster.Imap.Sessions;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Headers;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;
using MailCluster.Mail.Mime;
using MailCluster.Mail.Sasl;
using MailCluster.Mail.Search;

namespace MailCluster.Imap.Tests;

/// <summary>A host of one session on a mailbox in memory, that carries out every effect at once.</summary>
internal sealed class ScriptedHost
{
    private static readonly ScramVerifier Verifier = ScramVerifier.Create("secret");

    private readonly ArrayBufferWriter<byte> _replies = new();
    private readonly FakeMailbox _mailbox;
    private byte[] _pending = [];
    private ArrayBufferWriter<byte> _body = new();
    private bool _running;

    public ScriptedHost(FakeMailbox mailbox, ImapOptions? options = null, TimeProvider? time = null)
    {
        _mailbox = mailbox;
        Session = new ImapSession(
            options ?? DefaultOptions,
            new ImapPeer(IPAddress.Loopback, 4711, false, new SessionId(1)),
            time ?? new StoppedClock());
        Session.Greet(_replies);
        mailbox.Changed += Notice;
        mailbox.Other.Changed += Notice;
    }

    public static ImapOptions DefaultOptions { get; } = new()
    {
        Hostname = DomainName.Parse("mail.hamburger.edu"),
        TlsAvailable = true,
        PlaintextAllowed = true,
    };

    public ImapSession Session { get; }

    public bool IsClosed { get; private set; }

    /// <summary>All but logins are answered as by a store that is away.</summary>
    public bool StoreFails { get; set; }

    /// <summary>A notice comes where the client waits for it, and none else: as with another node's that is slow.</summary>
    public bool LosesNotices { get; init; }

    public int PendingLength => _pending.Length;

    public string Replies => Encoding.UTF8.GetString(_replies.WrittenSpan);

    public void ForgetReplies() => _replies.ResetWrittenCount();

    public void Feed(ReadOnlySpan<byte> octets)
    {
        _pending = [.. _pending, .. octets];
        Run();
    }

    private void Notice(FolderId folder, long modseq)
    {
        if (LosesNotices && !Session.TellsAtOnce)
        {
            return;
        }

        if (modseq == 0)
        {
            Session.NoteUnknown();
        }
        else
        {
            Session.Note(folder, modseq);
        }

        if (Session.TellsAtOnce && !_running)
        {
            Run();
        }
    }

    private void Run()
    {
        var input = new ReadOnlySequence<byte>(_pending);
        _running = true;
        while (!IsClosed)
        {
            var effect = Session.Advance(ref input, _replies);
            if (effect is SessionEffect.ReadMore)
            {
                break;
            }

            if (effect is SessionEffect.Close)
            {
                IsClosed = true;
                break;
            }

            input = effect is SessionEffect.StartTls ? default : input;
            Session.Answer(Answer(effect));
        }

        _running = false;
        _pending = input.ToArray();
    }

    private EffectAnswer Answer(SessionEffect effect) => effect switch
    {
        SessionEffect.FindCredentials find => new EffectAnswer.Credentials(
            Find(find.UserName), Find(find.UserName) is null ? null : Verifier),
        SessionEffect.CheckPassword check => new EffectAnswer.PasswordChecked(
            check.Password == "secret" ? Find(check.UserName) : null),
        SessionEffect.StartTls or SessionEffect.Flush => EffectAnswer.Done.Instance,
        _ when StoreFails => EffectAnswer.StoreFailed.Instance,
        SessionEffect.ListFolders => new EffectAnswer.Folders(Own.List()) { Shared = Own.Other.SharedWith(Own.Account) },
        SessionEffect.FindUser find => new EffectAnswer.User(Find(find.Address)),
        SessionEffect.ReadRights read => new EffectAnswer.Rights(OwnerOf(read.Folder).RightsOf(read.Folder, Own.Account)),
        SessionEffect.ReadAccess read => new EffectAnswer.Access(OwnerOf(read.Folder).Entries(read.Folder)),
        SessionEffect.FindFolder find => new EffectAnswer.Found(
            Of(find.Owner).Snapshot(Of(find.Owner).Find(find.Name), Own.Account)),
        SessionEffect.OpenFolder open => new EffectAnswer.Opened(
            Of(open.Owner).Find(open.Name) is { } folder
                ? new OpenedFolder(Of(open.Owner).Snapshot(folder, Own.Account)!, folder.Uids)
                : null),
        SessionEffect.ReadNews read => new EffectAnswer.News(News(read)),
        SessionEffect.Fetch fetch => new EffectAnswer.Messages(
            Find(fetch.Folder)?.Fetch(fetch.Uids, fetch.Columns, fetch.After, fetch.Limit) ?? []),
        SessionEffect.FindUids find => new EffectAnswer.Uids(Find(find.Folder)?.Find(find.Criteria) ?? UidSet.Empty),
        SessionEffect.FindModSeq find => new EffectAnswer.HighestModSeq(
            Find(find.Folder)!.Messages.Values.Where(message => find.Uids.Contains(message.Uid))
                .Select(message => message.ModSeq).DefaultIfEmpty().Max()),
        SessionEffect.FindText find => new EffectAnswer.Uids(Find(find)),
        SessionEffect.ReadExpunged read => new EffectAnswer.Expunged(Find(read.Folder)!.ExpungedSince(read.Since)),
        SessionEffect.ReadStructure read => new EffectAnswer.Structure(_mailbox.Structure(read.Body)),
        SessionEffect.ReadSlices read => new EffectAnswer.Slices([.. read.Slices.Select(s => (ReadOnlyMemory<byte>?)Octets(s))]),
        SessionEffect.SendSlice send => Send(Octets(send.Slice)),
        SessionEffect.MeasureDecoded measure => new EffectAnswer.Measured(
            Decoded(measure.Section).Length, Decoded(measure.Section).Span.Contains((byte)0)),
        SessionEffect.SendDecoded send => Send(
            Decoded(send.Section).Slice((int)send.First, (int)send.Count).ToArray()),
        SessionEffect.ReadAnnotations read => new EffectAnswer.Annotations(_mailbox.Annotations(read.Folder)),
        SessionEffect.FindAnnotations find => new EffectAnswer.Annotations(_mailbox.Annotations(find.Names)),
        SessionEffect.ReadAnnotationNews read => new EffectAnswer.AnnotationsChanged(_mailbox.AnnotationNews(read.Since)),
        SessionEffect.ReadQuota => new EffectAnswer.Quota(_mailbox.Quota),
        SessionEffect.Change change => new EffectAnswer.Changed(
            change.What is MailboxChange.Subscribe or MailboxChange.Annotate
                ? Own.Apply(change.What)
                : Of(change.Owner).ApplyAs(Own.Account, change.What)),
        SessionEffect.BeginBody => Begin(),
        SessionEffect.WriteBody write => Write(write.Octets),
        SessionEffect.CopyBody copy => Write(new ReadOnlySequence<byte>(Octets(copy.Slice))),
        SessionEffect.EndBody => End(),
        _ => EffectAnswer.Done.Instance,
    };

    private FakeMailbox Own => Session.Login?.Id == _mailbox.Other.Account ? _mailbox.Other : _mailbox;

    private FakeMailbox Of(AccountId owner) => owner == default || owner == Own.Account ? Own : Own.Other;

    private FakeMailbox OwnerOf(FolderId folder) => Own.Find(folder) is null ? Own.Other : Own;

    private FakeFolder? Find(FolderId folder) => OwnerOf(folder).Find(folder);

    private LoginAccount? Find(string name) =>
        new[] { _mailbox, _mailbox.Other }.FirstOrDefault(mailbox => mailbox.Address == name) is { } found
            ? new LoginAccount(found.Account, found.Address)
            : null;

    private FolderNews? News(SessionEffect.ReadNews read) => Find(read.Folder) is { } folder
        ? new FolderNews(
            OwnerOf(read.Folder).Snapshot(folder, Own.Account)!, folder.Find(new MessageCriteria { ChangedSince = read.Since }), folder.ExpungedSince(read.Since))
        : null;

    private UidSet Find(SessionEffect.FindText find) => UidSet.Of(Find(find.Folder)!.Messages.Values
        .Where(message => find.Uids.Contains(message.Uid) && Holds(message, find.Criterion))
        .Select(message => message.Uid));

    private bool Holds(FetchedMessage message, TextCriterion criterion) => criterion.Matches(
        SearchableText.ReadAsync(new MemoryStream(_mailbox.Bodies[message.Body])).GetAwaiter().GetResult());

    private byte[] Octets(MessageSlice slice)
    {
        byte[] all = [.. Encoding.UTF8.GetBytes(slice.Prefix), .. _mailbox.Bodies[slice.Body]];
        return all[(int)slice.Offset..(int)(slice.Offset + slice.Length)];
    }

    private ReadOnlyMemory<byte> Decoded(EncodedSlice section) =>
        new TransferDecoder(section.Encoding, section.IsText).DecodeAll(Octets(section.Slice));

    private EffectAnswer.Done Send(byte[] octets)
    {
        _replies.Write(octets);
        return EffectAnswer.Done.Instance;
    }

    private EffectAnswer.Done Begin()
    {
        _body = new ArrayBufferWriter<byte>();
        return EffectAnswer.Done.Instance;
    }

    private EffectAnswer.Done Write(ReadOnlySequence<byte> octets)
    {
        _body.Write(octets.ToArray());
        return EffectAnswer.Done.Instance;
    }

    private EffectAnswer.BodyStored End()
    {
        var header = new EightBitHeader();
        header.Read(_body.WrittenSpan);
        return new(_mailbox.AddBody(_body.WrittenSpan.ToArray()), _body.WrittenCount, header.IsFound);
    }
}

/// <summary>Always the same moment.</summary>
internal sealed class StoppedClock : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => FakeMailbox.Now;
}
