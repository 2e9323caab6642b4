namespace MailCluster.Node.Migration.Mbox;

/// <summary>How a line of a body that begins with "From " was kept from being taken for the next message.</summary>
internal enum MboxQuoting
{
    /// <summary>A ">" before "From " and before each such line, however many it has: one is taken away.</summary>
    Mboxrd,

    /// <summary>A ">" before "From " alone: only that is taken away.</summary>
    Mboxo,
}
