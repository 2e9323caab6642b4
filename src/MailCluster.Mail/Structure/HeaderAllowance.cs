namespace MailCluster.Mail.Structure;

/// <summary>What is left of <see cref="StructureLimits.MaxHeaderOctets"/> while a message is read.</summary>
internal sealed class HeaderAllowance(int octets)
{
    private int _left = octets;

    public int Take(int wanted)
    {
        var taken = Math.Min(wanted, _left);
        _left -= taken;
        return taken;
    }
}
