using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;
using Google.Protobuf;
using MailCluster.Actors.Queue;
using MailCluster.Actors.Serialization.Proto;
using MailCluster.Queue;

namespace MailCluster.Actors.Serialization;

/// <summary>
/// What partitions keep, as protobuf. Identifier and manifests stand in every database there is: they never change. A
/// stored sample of each is among the tests, and must be read for ever.
/// </summary>
public sealed class JournalSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private const string QueuedManifest = "queued.1";
    private const string AttemptManifest = "attempt.1";
    private const string NoticeManifest = "notice.1";
    private const string HeldManifest = "held.1";
    private const string ReleasedManifest = "released.1";
    private const string RetriedManifest = "retried.1";
    private const string OrphanManifest = "orphan.1";
    private const string RemovedManifest = "removed.1";
    private const string SnapshotManifest = "snapshot.1";
    private const string TakenManifest = "taken.1";

    public override int Identifier => 3101;

    public override string Manifest(object o) => o switch
    {
        MessageQueued => QueuedManifest,
        AttemptRecorded => AttemptManifest,
        NoticeQueued => NoticeManifest,
        MessageHeld => HeldManifest,
        MessageReleased => ReleasedManifest,
        MessageRetried => RetriedManifest,
        OrphanFound => OrphanManifest,
        MessageRemoved => RemovedManifest,
        QueueSnapshot => SnapshotManifest,
        PartitionTaken => TakenManifest,
        _ => throw new ArgumentException($"{o.GetType()} is nothing that a partition keeps."),
    };

    public override byte[] ToBinary(object obj) => (obj switch
    {
        MessageQueued queued => (IMessage)EntryCodec.ToData(queued.Entry),
        AttemptRecorded attempt => EventCodec.ToData(attempt),
        NoticeQueued notice => EventCodec.ToData(notice),
        MessageHeld held => EventCodec.ToData(held.QueueId, held.At),
        MessageReleased released => EventCodec.ToData(released.QueueId, released.At),
        MessageRetried retried => EventCodec.ToData(retried.QueueId, retried.At),
        OrphanFound orphan => EventCodec.ToData(orphan.QueueId, orphan.At),
        MessageRemoved removed => EventCodec.ToData(removed),
        QueueSnapshot snapshot => EventCodec.ToData(snapshot),
        PartitionTaken taken => EventCodec.ToData(taken),
        _ => throw new ArgumentException($"{obj.GetType()} is nothing that a partition keeps."),
    }).ToByteArray();

    /// <exception cref="SerializationException">Of a newer program, or damaged.</exception>
    public override object FromBinary(byte[] bytes, string manifest)
    {
        try
        {
            return Read(bytes, manifest);
        }
        catch (Exception damaged) when (damaged is InvalidProtocolBufferException or FormatException or ArgumentException
            or NullReferenceException)
        {
            throw new SerializationException($"A stored '{manifest}' cannot be read: {damaged.Message}", damaged);
        }
    }

    private static object Read(byte[] bytes, string manifest)
    {
        switch (manifest)
        {
            case QueuedManifest:
                return new MessageQueued(EntryCodec.FromData(QueueEntryData.Parser.ParseFrom(bytes)));
            case AttemptManifest:
                return EventCodec.FromData(AttemptRecordedData.Parser.ParseFrom(bytes));
            case NoticeManifest:
                return EventCodec.FromData(NoticeQueuedData.Parser.ParseFrom(bytes));
            case RemovedManifest:
                return EventCodec.FromData(MessageRemovedData.Parser.ParseFrom(bytes));
            case SnapshotManifest:
                return EventCodec.FromData(QueueSnapshotData.Parser.ParseFrom(bytes));
            case TakenManifest:
                return EventCodec.FromData(PartitionTakenData.Parser.ParseFrom(bytes));
            case HeldManifest or ReleasedManifest or RetriedManifest or OrphanManifest:
                var acted = OperatorActedData.Parser.ParseFrom(bytes);
                var (id, at) = (EntryCodec.ToQueueId(acted.Id), EntryCodec.ToTime(acted.At));
                return manifest switch
                {
                    HeldManifest => new MessageHeld(id, at),
                    ReleasedManifest => new MessageReleased(id, at),
                    OrphanManifest => new OrphanFound(id, at),
                    _ => new MessageRetried(id, at),
                };
            default:
                throw new SerializationException($"'{manifest}' is of a newer version of this program.");
        }
    }
}
