using MailCluster.Storage.Membership;

namespace MailCluster.Node.Membership;

/// <summary>
/// When a node that the register lets may found the cluster: only after it has asked everybody in vain. Where the register
/// knows nodes that did not sign out, they may live and merely have been cut off from the database, as all are when it
/// comes back; they get the time to say so. Used by one node's formation.
/// </summary>
internal sealed class FoundingRule
{
    /// <summary>Longer than a member takes to confirm itself once the database is back, a lost connection included.</summary>
    private const int RoundsBesideFormer = 4;

    private int _inVain;

    /// <summary>Said once a round, before the others are asked.</summary>
    /// <param name="known">What the register said.</param>
    /// <param name="asked">How many can be asked, of the register or of the configuration.</param>
    public bool MayFound(KnownNodes known, int asked)
    {
        if (!known.Members.IsEmpty)
        {
            _inVain = 0;
            return false;
        }

        var rounds = asked == 0 ? 0 : known.Former.IsEmpty ? 1 : RoundsBesideFormer;
        return _inVain++ >= rounds;
    }

    /// <summary>The register could not be asked: nor may others have been able to sign in.</summary>
    public void RegisterFailed() => _inVain = 0;
}
