namespace MailCluster.Benchmarks.Imap;

/// <summary>What a Dovecot is tuned for, as its manual advises.</summary>
internal enum DovecotSetup
{
    /// <summary>All accounts have one user id, so that a process serves many sessions, one after the other.</summary>
    ManyLogins,

    /// <summary>
    /// A user id for each account, and a process for each session: the kernel lets a user watch 128 times for new mail
    /// (inotify(7)), and a client that nothing is watched for does not hibernate.
    /// </summary>
    ManyIdle,

    /// <summary>The same, but one process keeps all connections that idle: no default of Dovecot.</summary>
    ManyHibernating,
}
