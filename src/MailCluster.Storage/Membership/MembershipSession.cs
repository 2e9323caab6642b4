using System.Collections.Immutable;
using MailCluster.Storage.Sql;

namespace MailCluster.Storage.Membership;

/// <summary>The rows of the members.</summary>
internal sealed class MembershipSession : SqlSession
{
    private readonly Statement _begin;
    private readonly Statement _commit;
    private readonly Statement _lock;
    private readonly Statement _others;
    private readonly Statement _former;
    private readonly Statement _confirm;
    private readonly Statement _remove;
    private readonly Statement _removeOld;

    /// <summary>More than a cluster that lost its database had nodes, and few enough to be asked in each round.</summary>
    private const int MostFormer = 30;

    public MembershipSession(SqlDatabase database)
        : base(database)
    {
        _begin = Prepare(database.BeginWriting);
        _commit = Prepare("COMMIT");
        _lock = Prepare("LOCK TABLE cluster_member IN EXCLUSIVE MODE");
        _others = Prepare(
            "SELECT address FROM cluster_member WHERE address <> @me"
            + " AND seen_at > clock_timestamp() - make_interval(secs => @fresh) ORDER BY address");
        _former = Prepare(
            "SELECT address FROM cluster_member WHERE address <> @me"
            + " AND seen_at <= clock_timestamp() - make_interval(secs => @fresh)"
            + $" AND seen_at > clock_timestamp() - interval '1 hour' ORDER BY seen_at DESC LIMIT {MostFormer}");
        _confirm = Prepare(
            "INSERT INTO cluster_member (address, seen_at) VALUES (@me, clock_timestamp())"
            + " ON CONFLICT (address) DO UPDATE SET seen_at = clock_timestamp()");
        _remove = Prepare("DELETE FROM cluster_member WHERE address = @me");
        _removeOld = Prepare("DELETE FROM cluster_member WHERE seen_at < clock_timestamp() - interval '1 day'");
    }

    /// <summary>
    /// The other members; where there is none, this node becomes the first, before any other can ask. After a failure the
    /// session is to be disposed, which ends its transaction.
    /// </summary>
    public KnownNodes Enter(string address)
    {
        _begin.Execute();
        _lock.Execute();
        var known = new KnownNodes(Read(_others, address), Read(_former, address));
        if (known.Members.IsEmpty)
        {
            _confirm.Execute(address);
        }

        _commit.Execute();
        return known;
    }

    public ImmutableArray<string> Confirm(string address)
    {
        _confirm.Execute(address);
        _removeOld.Execute();
        return Read(_others, address);
    }

    public void Remove(string address) => _remove.Execute(address);

    private static ImmutableArray<string> Read(Statement query, string address)
    {
        using var rows = query.Query(address, IMembershipRegister.FreshFor.TotalSeconds);
        var addresses = ImmutableArray.CreateBuilder<string>();
        while (rows.Read())
        {
            addresses.Add(rows.GetString(0));
        }

        return addresses.DrainToImmutable();
    }
}
