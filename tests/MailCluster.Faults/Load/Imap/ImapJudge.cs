using MailCluster.Faults.Cluster;

namespace MailCluster.Faults.Load.Imap;

/// <summary>Holds what is in a mailbox against what was acknowledged.</summary>
internal static class ImapJudge
{
    /// <summary>Messages in the mailbox; what is wrong goes into the ledger.</summary>
    public static async Task<int> JudgeAsync(ClusterNode node, ImapLedger ledger)
    {
        var there = await ReadAsync(node, ledger);
        JudgeAppends(ledger, there);
        JudgeFlags(ledger, there);
        foreach (var uid in ledger.Expunged.Keys.Where(there.ContainsKey))
        {
            ledger.NoteWrong($"UID {uid} is there, whose EXPUNGE was acknowledged");
        }

        JudgeOrder(
            ledger, "UIDs",
            ledger.Appends.Select(append => (append.Value.SentAt, append.Value.AcknowledgedAt, (long)append.Key)));
        JudgeOrder(
            ledger, "MODSEQs", ledger.Changes.Select(change => (change.SentAt, change.AcknowledgedAt, change.ModSeq)));
        return there.Count;
    }

    private static async Task<Dictionary<uint, Found>> ReadAsync(ClusterNode node, ImapLedger ledger)
    {
        using var link = await ImapLink.OpenAsync(node, ledger.User);
        await link.SayAsync("SELECT INBOX");
        var reply = await link.SayAsync("UID FETCH 1:* (UID FLAGS MODSEQ BODY.PEEK[])");
        var there = new Dictionary<uint, Found>();
        foreach (var line in reply.Untagged)
        {
            if (ImapResponse.TryReadMessage(line) is { } message
                && !there.TryAdd(message.Uid, new Found(message.ModSeq, message.Flags, message.Octets)))
            {
                ledger.NoteWrong($"UID {message.Uid} is there twice");
            }
        }

        return reply.IsOk ? there : throw new FaultException($"FETCH was answered with {reply.Tagged}");
    }

    private static void JudgeAppends(ImapLedger ledger, Dictionary<uint, Found> there)
    {
        foreach (var (uid, append) in ledger.Appends)
        {
            if (there.GetValueOrDefault(uid) is not { } found)
            {
                if (!ledger.MayBeGone(uid))
                {
                    ledger.NoteWrong($"{append.Id} is lost, which was acknowledged as UID {uid}");
                }
            }
            else if (found.Octets != ImapWriter.Message(append.Id))
            {
                ledger.NoteWrong($"UID {uid} has other octets than {append.Id}");
            }
        }

        var ids = new HashSet<string>();
        foreach (var (uid, found) in there)
        {
            var id = SubjectId.Find(found.Octets.Split('\r')[0]) ?? "nothing";
            if (!ids.Add(id))
            {
                ledger.NoteWrong($"{id} is there twice, the second time as UID {uid}");
            }

            if (!ledger.WasSent(id) || found.Octets != ImapWriter.Message(id))
            {
                ledger.NoteWrong($"UID {uid} is {id}, which nobody sent so");
            }
        }
    }

    /// <summary>The last acknowledged change holds, or one that was asked for and came later without an answer.</summary>
    private static void JudgeFlags(ImapLedger ledger, Dictionary<uint, Found> there)
    {
        foreach (var changes in ledger.Changes.GroupBy(change => change.Uid).Where(group => !ledger.MayBeGone(group.Key)))
        {
            var last = changes.MaxBy(change => change.ModSeq)!;
            if (there.GetValueOrDefault(last.Uid) is not { } found)
            {
                continue; // told among the appends
            }

            var holds = found.ModSeq == last.ModSeq
                ? found.Flags == last.Flags
                : found.ModSeq > last.ModSeq && ledger.AreInDoubt(last.Uid, found.Flags);
            if (!holds)
            {
                ledger.NoteWrong($"UID {last.Uid} has {found.Flags} as of {found.ModSeq}, "
                    + $"acknowledged were {last.Flags} as of {last.ModSeq}");
            }
        }

        foreach (var twice in ledger.Changes.GroupBy(change => change.ModSeq)
            .Where(group => group.Select(change => change.Uid).Distinct().Count() > 1))
        {
            ledger.NoteWrong($"MODSEQ {twice.Key} was given to two changes");
        }
    }

    /// <summary>What was asked for after another was acknowledged has the higher number, whatever node said so.</summary>
    private static void JudgeOrder(
        ImapLedger ledger, string what, IEnumerable<(long SentAt, long AcknowledgedAt, long Number)> given)
    {
        var all = given.ToArray();
        var acknowledged = all.OrderBy(one => one.AcknowledgedAt).ToArray();
        var (next, highest) = (0, 0L);
        foreach (var one in all.OrderBy(one => one.SentAt))
        {
            while (next < acknowledged.Length && acknowledged[next].AcknowledgedAt < one.SentAt)
            {
                highest = Math.Max(highest, acknowledged[next++].Number);
            }

            if (one.Number <= highest)
            {
                ledger.NoteWrong($"{what} do not grow: {one.Number} was given after {highest}");
            }
        }
    }

    private sealed record Found(long ModSeq, string Flags, string Octets);
}
