namespace MailCluster.Imap.Threading;

/// <summary>One way to put messages into threads (RFC 5256 §3, thread-alg). Used by one command.</summary>
internal interface IThreader
{
    /// <summary>Messages must be added in the order of the mailbox.</summary>
    /// <returns>False where no more are taken: the limit is reached.</returns>
    bool TryAdd(ThreadedMessage message);

    /// <summary>
    /// After the last message; once. Null for each step that is done, and the threads at last: so that a million messages
    /// do not hold up others.
    /// </summary>
    IEnumerable<MessageForest?> Finish();
}
