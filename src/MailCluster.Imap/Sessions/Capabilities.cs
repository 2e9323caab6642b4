using MailCluster.Mail.Sasl;

namespace MailCluster.Imap.Sessions;

/// <summary>What is told in CAPABILITY: only what works in full (RFC 9051 §6.1.1).</summary>
internal static class Capabilities
{
    /// <summary>In every state.</summary>
    private const string Always = "IMAP4rev1 IMAP4rev2 LITERAL+ ID ENABLE SASL-IR";

    /// <summary>Told to those who are logged in; others need not know.</summary>
    private const string LoggedIn =
        "IDLE NAMESPACE CHILDREN LIST-EXTENDED LIST-STATUS SPECIAL-USE CREATE-SPECIAL-USE UNSELECT UIDPLUS MOVE ESEARCH "
        + "SEARCHRES WITHIN CONDSTORE QRESYNC STATUS=SIZE SAVEDATE PREVIEW OBJECTID MULTIAPPEND SORT "
        + "SORT=DISPLAY ESORT THREAD=ORDEREDSUBJECT THREAD=REFERENCES PARTIAL INPROGRESS CONTEXT=SEARCH "
        + "CONTEXT=SORT BINARY QUOTA QUOTA=RES-STORAGE QUOTA=RES-MESSAGE ACL RIGHTS=texk CATENATE UTF8=ACCEPT "
        + "METADATA LIST-METADATA NOTIFY REPLACE";

    public static string Of(ImapSession session)
    {
        var words = new List<string> { Always, $"APPENDLIMIT={session.Options.MaxMessage}" };
        if (session.State != ImapState.NotAuthenticated)
        {
            words.Add(LoggedIn);
            words.AddRange(OfConnection(session));
            return string.Join(' ', words);
        }

        if (session.Options.TlsAvailable && !session.IsSecure)
        {
            words.Add("STARTTLS");
        }

        if (!session.PlaintextAllowed)
        {
            words.Add("LOGINDISABLED");
        }

        words.AddRange(SaslExchange.Offered(session.PlaintextAllowed, session.ChannelBindings).Select(name => $"AUTH={name}"));
        return string.Join(' ', words);
    }

    private static IEnumerable<string> OfConnection(ImapSession session)
    {
        if (session is { Options.CompressionAvailable: true, IsCompressed: false })
        {
            yield return "COMPRESS=DEFLATE";
        }

        yield return "UIDONLY";
        if (session.Options.UnauthenticateAvailable)
        {
            yield return "UNAUTHENTICATE";
        }
    }
}
