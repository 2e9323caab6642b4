namespace MailCluster.Benchmarks.Imap;

/// <summary>How much of each thing is done in a round.</summary>
internal sealed record ImapSizes(bool Quick)
{
    public const int MessageOctets = 4 * KiB;

    private const int KiB = 1024;

    public int Logins => Quick ? 100 : 2000;

    public (int Octets, int Messages)[] Appends => [(1 * KiB, Quick ? 300 : 3000), (100 * KiB, Quick ? 100 : 1000)];

    /// <summary>Messages of the folder that is fetched, searched and changed.</summary>
    public int Messages => Quick ? 1000 : 10_000;

    /// <summary>Messages of the folder whose flags are listed.</summary>
    public int ManyMessages => Quick ? 5000 : 100_000;

    public int SingleStores => Quick ? 100 : 1000;

    public int FlagSearches => Quick ? 100 : 1000;

    public int HeaderSearches => Quick ? 5 : 10;

    public int TextSearches => Quick ? 2 : 3;

    public int Notices => Quick ? 5 : 100;

    public int IdleConnections => Quick ? 500 : 10_000;

    /// <summary>
    /// Fewer with Dovecot, whose idle clients have an inotify(7) instance each, of which the kernel lets a user have
    /// 128: beyond that nothing hibernates. What each one costs is the same for all of them.
    /// </summary>
    public int DovecotIdleConnections => Quick ? 500 : 1000;

    /// <summary>Where it has a process for each, which the machine must hold.</summary>
    public int DovecotIdleProcesses => Quick ? 200 : 1000;
}
