using MailCluster.Mail.Identity;
using MailCluster.Storage.Sql;

namespace MailCluster.Storage.Mailboxes;

/// <summary>
/// Which copies the accounts have taken, so that telling a mailbox twice stores once. An entry is needed for as long as
/// the queue may repeat itself: some days. Queue ids begin with their partition and their time, so that old entries are
/// found in the primary key, without an index of their own.
/// </summary>
internal sealed class DeliveryLog(SqlSession session)
{
    /// <summary>Twice the five days after which RFC 5321 §4.5.4.1 lets the queue give up.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(10);

    private const int BitsOfRandom = 64;
    private const int BitsBelowPartition = 112;

    private readonly Statement _take = session.Prepare(
        "INSERT INTO delivery (queue_id, account_id, recipient, stored_at)"
        + " VALUES (@queue, @account, @recipient, @at) ON CONFLICT DO NOTHING");

    private readonly Statement _taken = session.Prepare(
        "SELECT 1 FROM delivery WHERE queue_id = @queue AND account_id = @account AND recipient = @recipient");

    private readonly Statement _firstFrom = session.Prepare(
        "SELECT queue_id FROM delivery WHERE queue_id >= @first ORDER BY queue_id LIMIT 1");

    private readonly Statement _prune = session.Prepare(
        "DELETE FROM delivery WHERE queue_id IN (SELECT queue_id FROM delivery"
        + " WHERE queue_id >= @first AND queue_id < @end AND stored_at < @before LIMIT @limit) AND stored_at < @before");

    /// <summary>False where the account has taken the copy before.</summary>
    public bool Take(AccountId account, IncomingCopy copy, DateTimeOffset now) =>
        _take.Execute(Key(copy), account.Value, Recipient(copy), now.ToUnixTimeMilliseconds()) == 1;

    public bool HasTaken(AccountId account, IncomingCopy copy) =>
        _taken.Scalar(Key(copy), account.Value, Recipient(copy)) is not null;

    /// <summary>Deletes about <paramref name="limit"/> entries that are too old; returns how many.</summary>
    public int Prune(DateTimeOffset now, int limit)
    {
        var before = (now - Kept).ToUnixTimeMilliseconds();
        var pruned = 0;
        for (var partition = NextPartition(0); partition is { } at && pruned < limit; partition = NextPartition(at + 1))
        {
            var first = (UInt128)(uint)at << BitsBelowPartition;
            var end = first | ((UInt128)(ulong)Math.Max(before, 0) << BitsOfRandom);
            pruned += _prune.Execute(
                new QueueId(first).ToByteArray(), new QueueId(end).ToByteArray(), before, limit - pruned);
        }

        return pruned;
    }

    private static byte[] Key(IncomingCopy copy) => copy.QueueId.ToByteArray();

    private static string Recipient(IncomingCopy copy) => copy.Recipient.Address.ToString();

    private int? NextPartition(int from)
    {
        if (from > ushort.MaxValue)
        {
            return null;
        }

        var first = new QueueId((UInt128)(uint)from << BitsBelowPartition);
        return _firstFrom.Scalar(first.ToByteArray()) is byte[] found ? QueueId.FromBytes(found).Partition : null;
    }
}
