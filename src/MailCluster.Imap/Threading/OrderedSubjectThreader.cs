namespace MailCluster.Imap.Threading;

/// <summary>
/// ORDEREDSUBJECT, "poor man's threading" (RFC 5256 §3): one thread for each base subject, in which all are children of the
/// first that was sent.
/// </summary>
internal sealed class OrderedSubjectThreader(int mostNodes) : IThreader
{
    private readonly ThreadNodes _nodes = new(mostNodes);

    public bool TryAdd(ThreadedMessage message)
    {
        if (_nodes.IsFull)
        {
            return false;
        }

        _nodes.Fill(_nodes.AddDummy(), message);
        return true;
    }

    public IEnumerable<MessageForest?> Finish()
    {
        var first = new Dictionary<int, int>();
        foreach (var node in _nodes.BySentDate())
        {
            if (!first.TryAdd(_nodes.SubjectOf(node), node))
            {
                _nodes.SetParent(node, first[_nodes.SubjectOf(node)]);
            }
        }

        yield return null;
        yield return new MessageForest(_nodes);
    }
}
