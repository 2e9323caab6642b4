using System.Collections.Immutable;
using Google.Protobuf;
using MailCluster.Actors.Queue;
using MailCluster.Actors.Serialization.Proto;
using MailCluster.Mail.Identity;
using MailCluster.Queue;

namespace MailCluster.Actors.Serialization;

/// <summary>Events and snapshots between our types and protobuf's.</summary>
internal static class EventCodec
{
    public static AttemptRecordedData ToData(AttemptRecorded attempt)
    {
        var data = new AttemptRecordedData { Id = EntryCodec.ToData(attempt.QueueId), At = EntryCodec.ToData(attempt.At) };
        foreach (var outcome in attempt.Outcomes)
        {
            data.Outcomes.Add(ToData(outcome));
        }

        return data;
    }

    public static AttemptRecorded FromData(AttemptRecordedData data) => new(
        EntryCodec.ToQueueId(data.Id), EntryCodec.ToTime(data.At), [.. data.Outcomes.Select(FromData)]);

    public static NoticeQueuedData ToData(NoticeQueued notice)
    {
        var data = new NoticeQueuedData
        {
            Id = EntryCodec.ToData(notice.QueueId),
            Kind = (int)notice.Plan.Kind,
            Notice = notice.Notice is { } entry ? EntryCodec.ToData(entry) : null,
        };
        data.Recipients.AddRange(notice.Plan.Recipients);
        return data;
    }

    public static NoticeQueued FromData(NoticeQueuedData data) => new(
        EntryCodec.ToQueueId(data.Id),
        new NoticePlan((NoticeKind)data.Kind, [.. data.Recipients]),
        data.Notice is null ? null : EntryCodec.FromData(data.Notice));

    public static OperatorActedData ToData(QueueId id, DateTimeOffset at) =>
        new() { Id = EntryCodec.ToData(id), At = EntryCodec.ToData(at) };

    public static MessageRemovedData ToData(MessageRemoved removed) => new()
    {
        Id = EntryCodec.ToData(removed.QueueId),
        At = EntryCodec.ToData(removed.At),
        WithDsn = removed.WithDsn,
    };

    public static MessageRemoved FromData(MessageRemovedData data) =>
        new(EntryCodec.ToQueueId(data.Id), EntryCodec.ToTime(data.At), data.WithDsn);

    public static PartitionTakenData ToData(PartitionTaken taken) => new() { At = EntryCodec.ToData(taken.At), Node = taken.Node };

    public static PartitionTaken FromData(PartitionTakenData data) => new(EntryCodec.ToTime(data.At), data.Node);

    public static QueueSnapshotData ToData(QueueSnapshot snapshot)
    {
        var ids = new byte[snapshot.RecentlyFinished.Length * QueueId.ByteLength];
        for (var i = 0; i < snapshot.RecentlyFinished.Length; i++)
        {
            snapshot.RecentlyFinished[i].ToByteArray().CopyTo(ids, i * QueueId.ByteLength);
        }

        var data = new QueueSnapshotData { RecentlyFinished = UnsafeByteOperations.UnsafeWrap(ids) };
        foreach (var entry in snapshot.Entries)
        {
            data.Entries.Add(EntryCodec.ToData(entry));
        }

        return data;
    }

    public static QueueSnapshot FromData(QueueSnapshotData data)
    {
        var ids = ImmutableArray.CreateBuilder<QueueId>(data.RecentlyFinished.Length / QueueId.ByteLength);
        for (var i = 0; i < ids.Capacity; i++)
        {
            ids.Add(QueueId.FromBytes(data.RecentlyFinished.Span.Slice(i * QueueId.ByteLength, QueueId.ByteLength)));
        }

        return new QueueSnapshot([.. data.Entries.Select(EntryCodec.FromData)], ids.MoveToImmutable());
    }

    private static Outcome ToData(RecordedOutcome outcome)
    {
        var data = new Outcome
        {
            Recipient = outcome.Recipient,
            Kind = (int)outcome.Kind,
            Reply = CommonCodec.ToData(outcome.Reply),
        };
        if (outcome.Remote is { } remote)
        {
            data.Remote = remote;
        }

        if (outcome.NextAttemptAt is { } next)
        {
            data.NextAttemptAt = EntryCodec.ToData(next);
        }

        return data;
    }

    private static RecordedOutcome FromData(Outcome data) => new(
        data.Recipient,
        (OutcomeKind)data.Kind,
        CommonCodec.FromData(data.Reply)!,
        data.HasRemote ? data.Remote : null,
        data.HasNextAttemptAt ? EntryCodec.ToTime(data.NextAttemptAt) : null);
}
