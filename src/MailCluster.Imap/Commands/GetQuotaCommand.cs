using MailCluster.Imap.Sessions;
using MailCluster.Imap.Syntax;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Commands;

/// <summary>GETQUOTA (RFC 9208 §4.1.1). An account has one quota root, for all its mailboxes.</summary>
internal sealed record GetQuotaCommand(string Root) : ImapCommand
{
    /// <summary>The name of the root: clients take it as it comes.</summary>
    public const string OnlyRoot = "";

    /// <summary>RFC 9208 §5.1: the unit of STORAGE.</summary>
    private const long OctetsOfStorage = 1024;

    public static ImapCommand Parse(ref SyntaxReader reader)
    {
        reader.Space();
        return new GetQuotaCommand(reader.AString());
    }

    public override IEnumerable<SessionEffect> Run(ImapSession session)
    {
        if (Root != OnlyRoot)
        {
            session.No("No such quota root", "NONEXISTENT");
            yield break;
        }

        yield return SessionEffect.ReadQuota.Instance;
        if (TryGet(session, out var usage))
        {
            Tell(session, usage);
        }
    }

    /// <summary>After <see cref="SessionEffect.ReadQuota"/>; else the command has failed.</summary>
    public static bool TryGet(ImapSession session, out QuotaUsage usage)
    {
        usage = null!;
        if (!session.Got(out EffectAnswer.Quota quota))
        {
            return false;
        }

        if (quota.Usage is null)
        {
            session.No("The account is gone", "NONEXISTENT");
            return false;
        }

        usage = quota.Usage;
        return true;
    }

    /// <summary>RFC 9208 §4.2.1: a resource that is not named has no limit.</summary>
    public static void Tell(ImapSession session, QuotaUsage usage)
    {
        session.Out.Text("* QUOTA ").String(OnlyRoot).Text(" (");
        if (usage.MaxBytes is { } octets)
        {
            session.Out.Text("STORAGE ").Number(Storage(usage.Bytes)).Text(" ").Number(Storage(octets));
        }

        if (usage.MaxMessages is { } messages)
        {
            session.Out.Text(usage.MaxBytes is null ? "MESSAGE " : " MESSAGE ")
                .Number(usage.Messages).Text(" ").Number(messages);
        }

        session.Out.Line(")");
    }

    /// <summary>Rounded up: a limit of a few octets is none of zero, which would prohibit any use (RFC 9208 §3.1.2).</summary>
    private static long Storage(long octets) => octets / OctetsOfStorage + (octets % OctetsOfStorage > 0 ? 1 : 0);
}
