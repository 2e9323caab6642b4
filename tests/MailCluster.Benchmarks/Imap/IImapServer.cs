using MailCluster.Benchmarks.Servers;

namespace MailCluster.Benchmarks.Imap;

/// <summary>A running IMAP server with the users of <see cref="ImapAccounts"/>, who may log in without TLS.</summary>
internal interface IImapServer : IMailServer
{
    /// <summary>Octets of memory of all of its processes; what they share is counted once.</summary>
    long Memory { get; }
}
