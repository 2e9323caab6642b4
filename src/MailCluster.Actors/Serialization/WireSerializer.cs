using System.Collections.Immutable;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;
using Google.Protobuf;
using MailCluster.Actors.Delivery;
using MailCluster.Actors.Mailboxes;
using MailCluster.Actors.Queue;
using MailCluster.Actors.Serialization.Proto;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;
using MailCluster.Queue;

namespace MailCluster.Actors.Serialization;

/// <summary>
/// What travels between nodes, as protobuf. Identifier and manifests are those that the node on the other side knows,
/// which may run the release before this one or the next: they never change. What is not in the list stays on its node.
/// </summary>
public sealed class WireSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private static readonly ImmutableArray<WireMessage> Messages =
    [
        WireMessage.Of<EnqueueMessage, EnqueueMessageData>("enqueue.1", QueueCodec.ToData, QueueCodec.FromData),
        OfEntry<HoldMessage>("hold.1", id => new HoldMessage(id)),
        OfEntry<ReleaseMessage>("release.1", id => new ReleaseMessage(id)),
        OfEntry<RetryMessage>("retry.1", id => new RetryMessage(id)),
        WireMessage.Of<RemoveMessage, RemoveMessageData>(
            "remove.1",
            remove => new RemoveMessageData { Id = EntryCodec.ToData(remove.QueueId), WithDsn = remove.WithDsn },
            data => new RemoveMessage(EntryCodec.ToQueueId(data.Id), data.WithDsn)),
        OfEntry<MessageAccepted>("accepted.1", id => new MessageAccepted(id)),
        OfEntry<MessageAlreadyQueued>("already.1", id => new MessageAlreadyQueued(id)),
        WireMessage.Of<MessageRejected, MessageRejectedData>(
            "rejected.1",
            rejected => new MessageRejectedData
            {
                Id = EntryCodec.ToData(rejected.QueueId),
                Reply = CommonCodec.ToData(rejected.Reply),
            },
            data => new MessageRejected(EntryCodec.ToQueueId(data.Id), CommonCodec.FromData(data.Reply)!)),
        OfEntry<NoSuchMessage>("unknown.1", id => new NoSuchMessage(id)),
        OfEntry<CommandDone>("done.1", id => new CommandDone(id)),
        OfEntry<GetMessage>("get.1", id => new GetMessage(id)),
        WireMessage.Of<PartitionQuery, ListMessagesData>("query.1", QueueCodec.ToData, QueueCodec.FromData),
        WireMessage.Of<MessageList, MessageListData>("list.1", QueueCodec.ToData, QueueCodec.FromData),
        WireMessage.Of<MessageDetails, MessageDetailsData>("details.1", QueueCodec.ToData, QueueCodec.FromData),
        WireMessage.Of<AttemptDelivery, AttemptDeliveryData>("attempt.1", DeliveryCodec.ToData, DeliveryCodec.FromData),
        WireMessage.Of<DeliveryAttempted, DeliveryAttemptedData>("attempted.1", DeliveryCodec.ToData, DeliveryCodec.FromData),
        WireMessage.Of<StoreCopy, StoreCopyData>("store.1", DeliveryCodec.ToData, DeliveryCodec.FromData),
        WireMessage.Of<CopyStored, CopyStoredData>("stored.1", DeliveryCodec.ToData, DeliveryCodec.FromData),
        WireMessage.Of<LockMaildrop, AccountData>(
            "lock.1",
            command => new AccountData { Account = command.Account.Value },
            data => new LockMaildrop(new AccountId(data.Account))),
        WireMessage.Of<MaildropLockAnswer, MaildropLockAnswerData>(
            "locked.1",
            answer => new MaildropLockAnswerData { Account = answer.Account.Value, Locked = answer.Locked },
            data => new MaildropLockAnswer(new AccountId(data.Account), data.Locked)),
        WireMessage.Of<ExpungeMessages, ExpungeMessagesData>("expunge.1", DeliveryCodec.ToData, DeliveryCodec.FromData),
        WireMessage.Of<MessagesExpunged, MessagesExpungedData>(
            "expunged.1",
            expunged => new MessagesExpungedData { Succeeded = expunged.Succeeded },
            data => new MessagesExpunged(data.Succeeded)),
        WireMessage.Of<ChangeMailbox, ChangeMailboxData>("change.1", MailboxCodec.ToData, MailboxCodec.FromData),
        WireMessage.Of<ChangeMailboxAs, ChangeMailboxAsData>("change-as.1", MailboxCodec.ToData, MailboxCodec.FromData),
        WireMessage.Of<MailboxChanged, MailboxChangedData>("changed.1", MailboxCodec.ToData, MailboxCodec.FromData),
        WireMessage.Of<MailboxChangeFailed, RequestData>(
            "unchanged.1",
            failed => new RequestData { Request = failed.Request },
            data => new MailboxChangeFailed(data.Request)),
        OfAccount<WatchMailbox>("watch.1", watch => watch.Account, account => new WatchMailbox(account)),
        OfAccount<MailboxWatched>("watched.1", watched => watched.Account, account => new MailboxWatched(account)),
        OfAccount<UnwatchMailbox>("unwatch.1", unwatch => unwatch.Account, account => new UnwatchMailbox(account)),
        WireMessage.Of<MailboxNotice, MailboxNoticeData>(
            "notice.1",
            notice => new MailboxNoticeData
            {
                Account = notice.Account.Value,
                Folder = notice.Folder.Value,
                Modseq = notice.ModSeq,
            },
            data => new MailboxNotice(new AccountId(data.Account), new FolderId(data.Folder), data.Modseq)),
    ];

    private static readonly Dictionary<Type, WireMessage> ByType = Messages.ToDictionary(message => message.Type);
    private static readonly Dictionary<string, WireMessage> ByManifest = Messages.ToDictionary(message => message.Manifest);

    /// <summary>All types that may travel; each is bound to this serializer.</summary>
    public static IEnumerable<Type> Types => ByType.Keys;

    public override int Identifier => 3102;

    public override string Manifest(object o) => Known(o).Manifest;

    public override byte[] ToBinary(object obj) => Known(obj).Write(obj).ToByteArray();

    /// <exception cref="SerializationException">Of a newer program, or damaged.</exception>
    public override object FromBinary(byte[] bytes, string manifest)
    {
        if (!ByManifest.TryGetValue(manifest, out var message))
        {
            throw new SerializationException($"'{manifest}' of serializer {Identifier} is of a newer version of this program.");
        }

        try
        {
            return message.Read(bytes);
        }
        catch (Exception damaged) when (damaged is InvalidProtocolBufferException or FormatException or ArgumentException
            or NullReferenceException)
        {
            throw new SerializationException($"A '{manifest}' cannot be read: {damaged.Message}", damaged);
        }
    }

    private static WireMessage Known(object message) => ByType.GetValueOrDefault(message.GetType())
        ?? throw new ArgumentException($"{message.GetType()} does not travel between nodes.");

    private static WireMessage OfAccount<T>(string manifest, Func<T, AccountId> account, Func<AccountId, T> create)
        where T : notnull => WireMessage.Of<T, AccountData>(
            manifest,
            message => new AccountData { Account = account(message).Value },
            data => create(new AccountId(data.Account)));

    private static WireMessage OfEntry<T>(string manifest, Func<QueueId, T> create)
        where T : IWithQueueId => WireMessage.Of<T, EntryData>(
            manifest,
            message => new EntryData { Id = EntryCodec.ToData(message.QueueId) },
            data => create(EntryCodec.ToQueueId(data.Id)));
}
