using System.Collections.Immutable;
using MailCluster.Actors.Delivery;
using MailCluster.Actors.Mailboxes;
using MailCluster.Actors.Queue;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Envelopes;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;
using MailCluster.Mail.Replies;
using MailCluster.Queue;

namespace MailCluster.Actors.Tests.Serialization;

/// <summary>One of each kind that travels between nodes, full and bare.</summary>
internal static class WireMessages
{
    private const long Attempt = 638_000_000_000_000_000;

    private static readonly DateTimeOffset At = new(2026, 11, 23, 6, 30, 0, 125, TimeSpan.Zero);
    private static readonly QueueId Id = new(new UInt128(0x0003_0199_8877_6655, 0x1122_3344_5566_7788));
    private static readonly AccountId Account = new(42);
    private static readonly ReversePath Sender = new(MailAddress.Parse("alice@crepes.fr"));
    private static readonly ForwardPath Carol = new(MailAddress.Parse("carol@sink.example"));
    private static readonly DomainName Sink = DomainName.Parse("sink.example");

    private static readonly FolderId Box = new(5);
    private static readonly FolderName Work = FolderName.Parse("Work/\u00e9t\u00e9");
    private static readonly UidSet Uids =
        UidSet.Of(new UidRange(new Uid(1), new Uid(7)), new UidRange(new Uid(9), new Uid(uint.MaxValue)));

    private static readonly CopyResult Copied =
        new(FolderOutcome.Done, Box, new UidValidity(3), Uids, Uids, ToModSeq: 9, FromModSeq: 10, FromBefore: 8);

    private static readonly Reply Greylisted = new(
        new ReplyCode(451), new EnhancedStatusCode(4, 7, 1), ["Greylisted,", "try again later"]);

    private static readonly Reply Bare = new(new ReplyCode(250), null, "ok");

    private static readonly Envelope FullEnvelope = new()
    {
        ReversePath = Sender,
        Recipients =
        [
            new EnvelopeRecipient(
                new ForwardPath(MailAddress.Parse("team@hamburger.edu")),
                DsnNotify.Success | DsnNotify.Delay,
                "rfc822;team+40hamburger.edu",
                [
                    new ResolvedRecipient(Carol, new DeliveryTarget.Remote(Sink)),
                    new ResolvedRecipient(
                        new ForwardPath(MailAddress.Parse("bob+lists@hamburger.edu")),
                        new DeliveryTarget.Mailbox(Account, "lists")),
                ]),
        ],
        BodyType = BodyType.EightBitMime,
        Utf8 = true,
        Return = DsnReturn.Headers,
        EnvelopeId = "QQ314159",
    };

    private static readonly Envelope BareEnvelope = new()
    {
        ReversePath = ReversePath.Null,
        Recipients =
        [
            new EnvelopeRecipient(
                Carol, DsnNotify.Unspecified, null, [new ResolvedRecipient(Carol, new DeliveryTarget.Remote(Sink))]),
        ],
    };

    private static readonly QueueEntrySummary FullSummary = new(
        Id, EntryStatus.Deferred, Sender, 5_000_000_000, At, At.AddMinutes(30), 3, Carol, "451 4.7.1 Greylisted");

    private static readonly QueueEntrySummary BareSummary = new(
        Id, EntryStatus.Held, ReversePath.Null, 0, At, null, 0, Carol, null);

    /// <summary>Manifest, name of the case, and the message.</summary>
    public static ImmutableArray<(string Manifest, string Case, object Message)> All { get; } =
    [
        ("enqueue.1", "full", new EnqueueMessage(Id, FullEnvelope, 5_000_000_000)),
        ("enqueue.1", "bare", new EnqueueMessage(Id, BareEnvelope, 0)),
        ("hold.1", "only", new HoldMessage(Id)),
        ("release.1", "only", new ReleaseMessage(Id)),
        ("retry.1", "only", new RetryMessage(Id)),
        ("remove.1", "with-dsn", new RemoveMessage(Id, true)),
        ("remove.1", "silent", new RemoveMessage(Id, false)),
        ("accepted.1", "only", new MessageAccepted(Id)),
        ("already.1", "only", new MessageAlreadyQueued(Id)),
        ("rejected.1", "full", new MessageRejected(Id, Greylisted)),
        ("unknown.1", "only", new NoSuchMessage(Id)),
        ("done.1", "only", new CommandDone(Id)),
        ("get.1", "only", new GetMessage(Id)),
        ("query.1", "full", new PartitionQuery(3, new ListMessages(Sink, "", "carol@sink.example", EntryStatus.Held, 100, Id))),
        ("query.1", "bare", new PartitionQuery(0, new ListMessages(null, null, null, null, 1, null))),
        ("list.1", "two", new MessageList([FullSummary, BareSummary])),
        ("list.1", "empty", new MessageList([])),
        ("details.1", "full", new MessageDetails(new QueueEntryDetails(
            FullSummary, BodyType.EightBitMime, true, "QQ314159", At.AddDays(5),
            [
                new RecipientDetails(
                    Carol, new DeliveryTarget.Remote(Sink), RecipientStatus.Pending, 7, At.AddMinutes(30), Greylisted,
                    "mx.sink.example [192.0.2.1]:25"),
                new RecipientDetails(
                    Carol, new DeliveryTarget.Mailbox(Account, ""), RecipientStatus.Delivered, 1, null, null, null),
            ]))),
        ("details.1", "none", new MessageDetails(null)),
        ("attempt.1", "mx", new AttemptDelivery(
            new NextHop.Mx(Sink), Id, Attempt, Sender, BodyType.EightBitMime, true, DsnReturn.Full, "QQ314159", 1310,
            [new RecipientToTry(0, Carol, DsnNotify.Never, "rfc822;carol@sink.example"), new RecipientToTry(7, Carol, DsnNotify.Unspecified, null)])),
        ("attempt.1", "host", new AttemptDelivery(
            new NextHop.Host("192.0.2.1", 2525), Id, Attempt, ReversePath.Null, BodyType.SevenBit, false, DsnReturn.Unspecified,
            null, 0, [new RecipientToTry(0, Carol, DsnNotify.Unspecified, null)])),
        ("attempted.1", "all-outcomes", new DeliveryAttempted(Id, Attempt,
            [
                new RecipientOutcome(0, OutcomeKind.Delivered, Bare, "mx.sink.example"),
                new RecipientOutcome(1, OutcomeKind.Relayed, Bare, null),
                new RecipientOutcome(2, OutcomeKind.Deferred, Greylisted, null),
                new RecipientOutcome(3, OutcomeKind.Failed, Greylisted, null),
            ])),
        ("store.1", "full", new StoreCopy(Account, Id, Attempt, 2, Sender, Carol, 1310, At)),
        ("store.1", "bounce", new StoreCopy(Account, Id, Attempt, 0, ReversePath.Null, Carol, 0, At)),
        ("stored.1", "over-quota", new CopyStored(Id, Attempt, 2, CopyOutcome.OverQuota)),
        ("lock.1", "only", new LockMaildrop(Account)),
        ("locked.1", "yes", new MaildropLockAnswer(Account, true)),
        ("expunge.1", "two", new ExpungeMessages(Account, [new Uid(1), new Uid(uint.MaxValue)])),
        ("expunged.1", "yes", new MessagesExpunged(true)),
        ("change.1", "create", Change(new MailboxChange.CreateFolder(Work, @"\Archive"))),
        ("change.1", "create-plain", Change(new MailboxChange.CreateFolder(Work, null))),
        ("change.1", "delete", Change(new MailboxChange.DeleteFolder(Work))),
        ("change.1", "rename", Change(new MailboxChange.RenameFolder(FolderName.Inbox, Work))),
        ("change.1", "subscribe", Change(new MailboxChange.Subscribe(Work, true))),
        ("change.1", "append", Change(new MailboxChange.Append(
            Work, [new AppendEntry(Id.Body, 1310, "X: y\r\n", MessageFlags.Seen | MessageFlags.Junk, ["Work", "Blue"], At)]))),
        ("change.1", "import", Change(new MailboxChange.Import(
            Work, new AppendEntry(Id.Body, 1310, "", MessageFlags.Seen, ["Work"], At), new ImportKey(77)))),
        ("change.1", "store", Change(new MailboxChange.StoreFlags(
            Box, Uids, new FlagsChange(FlagsAction.Replace, MessageFlags.Flagged, ["Work"], 77)))),
        ("change.1", "copy", Change(new MailboxChange.Copy(Box, Uids, Work))),
        ("change.1", "move", Change(new MailboxChange.Move(Box, Uids, Work))),
        ("change.1", "expunge", Change(new MailboxChange.Expunge(Box, UidSet.All))),
        ("change-as.1", "store", ChangeAs(new MailboxChange.StoreFlags(
            Box, Uids, new FlagsChange(FlagsAction.Add, MessageFlags.Seen, [])))),
        ("change-as.1", "give", ChangeAs(new MailboxChange.SetRights(
            Work, new AccessIdentifier(new AccountId(44), IsNegative: false), FlagsAction.Add, FolderRights.All))),
        ("change-as.1", "take-from-anyone", ChangeAs(new MailboxChange.SetRights(
            Work, new AccessIdentifier(default, IsNegative: true), FlagsAction.Replace, FolderRights.Read))),
        ("change-as.1", "copy-from", ChangeAs(new MailboxChange.CopyFrom(new AccountId(44), Box, Uids, Work))),
        ("change-as.1", "remove", ChangeAs(new MailboxChange.Remove(Box, Uids))),
        ("changed.1", "no-right", new MailboxChanged(7, new FolderChange(FolderOutcome.NoRight))),
        ("change.1", "annotate", Change(new MailboxChange.Annotate(
            Work, [new(Comment, "Ours"u8.ToArray()), new(Colour, null), new(Empty, ReadOnlyMemory<byte>.Empty)]))),
        ("change.1", "annotate-server", Change(new MailboxChange.Annotate(null, [new(Comment, "Mine"u8.ToArray())]))),
        ("changed.1", "annotated", new MailboxChanged(7, new AnnotationResult(FolderOutcome.Done, 9))),
        ("changed.1", "too-many-annotations", new MailboxChanged(7, new AnnotationResult(FolderOutcome.TooManyAnnotations))),
        ("change.1", "replace", Change(new MailboxChange.Replace(
            Box, new Uid(5), Work, new AppendEntry(Id.Body, 1310, "", MessageFlags.Draft, ["Work"], At)))),
        ("changed.1", "folder", new MailboxChanged(7, new FolderChange(FolderOutcome.Done, Box, Copied))),
        ("changed.1", "refused", new MailboxChanged(7, new FolderChange(FolderOutcome.HasChildren))),
        ("changed.1", "appended", new MailboxChanged(7, new AppendResult(FolderOutcome.Done, Box, new UidValidity(3), Uids, 9, 8))),
        ("changed.1", "over-quota", new MailboxChanged(7, new AppendResult(FolderOutcome.OverQuota))),
        ("changed.1", "flags", new MailboxChanged(7, new FlagsResult(
            FolderOutcome.Done, 9, [new FlaggedUids(MessageFlags.Seen, ["Work"], Uids)], UidSet.Empty, 8))),
        ("changed.1", "copied", new MailboxChanged(7, Copied)),
        ("changed.1", "expunged", new MailboxChanged(7, new ExpungeResult(FolderOutcome.Done, Uids, 9, 8))),
        ("changed.1", "replaced", new MailboxChanged(7, new ReplaceResult(
            FolderOutcome.Done,
            new AppendResult(FolderOutcome.Done, Box, new UidValidity(3), Uids, 9, 8),
            new ExpungeResult(FolderOutcome.Done, Uids, 10, 8)))),
        ("changed.1", "not-replaced", new MailboxChanged(7, new ReplaceResult(FolderOutcome.NoSuchMessage))),
        ("unchanged.1", "only", new MailboxChangeFailed(7)),
        ("watch.1", "only", new WatchMailbox(Account)),
        ("watched.1", "only", new MailboxWatched(Account)),
        ("unwatch.1", "only", new UnwatchMailbox(Account)),
        ("notice.1", "full", new MailboxNotice(Account, Box, 9)),
    ];

    private static ChangeMailboxAs ChangeAs(MailboxChange change) => new(Account, new AccountId(43), 7, change);

    private static EntryName Comment => EntryName.OfStored("/private/comment");

    private static EntryName Colour => EntryName.OfStored("/shared/vendor/x/colour");

    private static EntryName Empty => EntryName.OfStored("/shared/vendor/x/empty");

    private static ChangeMailbox Change(MailboxChange change) => new(Account, 7, change);
}
