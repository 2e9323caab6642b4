using MailCluster.Imap.Commands;
using MailCluster.Imap.Responses;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Sessions;

/// <summary>UIDONLY (RFC 9586): no message sequence number goes either way.</summary>
public sealed partial class ImapSession
{
    internal bool IsUidOnly => Enabled.HasFlag(Extensions.UidOnly);

    /// <summary>What is told of one message: as FETCH, or as UIDFETCH, which needs no UID among its items.</summary>
    internal ResponseWriter BeginFetch(int number, Uid uid) => IsUidOnly
        ? Out.Text("* ").Number(uid.Value).Text(" UIDFETCH (")
        : Out.Text("* ").Number(number).Text(" FETCH (");

    /// <summary>RFC 7162 §3.2.4: with QRESYNC in each of them.</summary>
    internal bool TellsUid(bool isAsked) =>
        !IsUidOnly && (isAsked || IsRev2 || Enabled.HasFlag(Extensions.Qresync));

    private bool MayUse(string tag, ImapCommand command)
    {
        if (!IsUidOnly || !command.UsesSequenceNumbers)
        {
            return true;
        }

        Complete(tag, new CommandResult("BAD", "Message sequence numbers are not for UIDONLY", "UIDREQUIRED"));
        return false;
    }
}
