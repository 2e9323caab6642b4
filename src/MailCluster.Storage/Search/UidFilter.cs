using MailCluster.Mail.Mailboxes;

namespace MailCluster.Storage.Search;

/// <summary>What is left of found UIDs when only those of a set were asked for.</summary>
internal static class UidFilter
{
    public static UidSet Having(this UidSet set, IEnumerable<uint> found)
    {
        var kept = new List<Uid>();
        var at = 0;
        foreach (var uid in found.Order())
        {
            while (at < set.Ranges.Length && set.Ranges[at].Last.Value < uid)
            {
                at++;
            }

            if (at < set.Ranges.Length && set.Ranges[at].First.Value <= uid)
            {
                kept.Add(new Uid(uid));
            }
        }

        return UidSet.Of(kept);
    }
}
