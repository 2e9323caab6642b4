namespace MailCluster.Benchmarks.Servers;

/// <summary>One of the servers that are compared: a running one, until it is disposed of.</summary>
internal interface IMailServer : IAsyncDisposable
{
    string Name { get; }

    /// <summary>Where its clients come: those who bring mail, or those who read it.</summary>
    int Port { get; }

    /// <summary>Processor time that all of its processes have used up to now.</summary>
    TimeSpan ProcessorTime { get; }
}
