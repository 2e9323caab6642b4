namespace MailCluster.Imap.Sessions;

/// <summary>What the connection itself is, and what of it ends with a login.</summary>
public sealed partial class ImapSession
{
    /// <summary>RFC 4978: octets are compressed both ways.</summary>
    internal bool IsCompressed { get; set; }

    /// <summary>
    /// RFC 8437 §3: all that belonged to the account, and all that was enabled. What is counted against somebody who tries
    /// passwords stays.
    /// </summary>
    internal void ForgetAccount()
    {
        Unselect();
        Login = null;
        Enabled = Extensions.None;
        Out.Utf8 = false;
        Place = null;
        FoundFolder = null;
        Watch = null;
        Notify = null;
        State = ImapState.NotAuthenticated;
    }
}
