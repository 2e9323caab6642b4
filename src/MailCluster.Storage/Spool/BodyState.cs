namespace MailCluster.Storage.Spool;

/// <summary>Who needs a body; numbers are stored, never reused.</summary>
internal enum BodyState
{
    /// <summary>Chunks are coming in; nobody may read it. What stays here belonged to a connection that is gone.</summary>
    Writing = 0,

    /// <summary>Complete, and the queue needs it.</summary>
    Held = 1,

    /// <summary>The queue is done with it; it lives for as long as a mailbox refers to it.</summary>
    Released = 2,
}
