namespace MailCluster.Imap.Threading;

/// <summary>
/// Threads that are done: for each node its children, by sent date (RFC 5256 §3, step 6). What has no message is a dummy at
/// the top with two children or more.
/// </summary>
internal sealed class MessageForest
{
    private readonly ThreadNodes _nodes;
    private readonly int[] _firstChild;
    private readonly int[] _lastChild;
    private readonly int[] _next;
    private int _firstTop = ThreadNodes.None;
    private int _lastTop = ThreadNodes.None;

    /// <param name="nodes">Every message has a message as its parent, or a dummy that has none.</param>
    public MessageForest(ThreadNodes nodes)
    {
        _nodes = nodes;
        _firstChild = Nones(nodes.Count);
        _lastChild = Nones(nodes.Count);
        _next = Nones(nodes.Count);
        foreach (var node in nodes.BySentDate())
        {
            var parent = nodes.ParentOf(node);
            if (parent == ThreadNodes.None)
            {
                AppendTop(node);
                continue;
            }

            // A dummy counts by its first child, which is the first that comes here.
            if (nodes.IsDummy(parent) && _firstChild[parent] == ThreadNodes.None)
            {
                AppendTop(parent);
            }

            Append(parent, node);
        }
    }

    /// <summary>
    /// RFC 5256 §5, thread-list, token by token: a UID, or one of <see cref="ThreadToken"/>. Parents and only children stand
    /// in one list, siblings each in one of their own.
    /// </summary>
    public IEnumerable<long> Tokens()
    {
        var open = new Stack<int>();
        for (var top = _firstTop; top != ThreadNodes.None; top = _next[top])
        {
            open.Push(top);
            while (open.TryPop(out var node))
            {
                if (node == ThreadNodes.None)
                {
                    yield return ThreadToken.Close;
                    continue;
                }

                // A sibling that follows is next once this list is closed; the siblings of the top have their turn above.
                if (node != top && _next[node] != ThreadNodes.None)
                {
                    open.Push(_next[node]);
                }

                open.Push(ThreadNodes.None);
                yield return ThreadToken.Open;
                for (var isFirst = true; node != ThreadNodes.None; isFirst = false)
                {
                    if (!isFirst)
                    {
                        yield return ThreadToken.Space;
                    }

                    if (!_nodes.IsDummy(node))
                    {
                        yield return _nodes.UidOf(node).Value;
                    }

                    var child = _firstChild[node];
                    if (child != ThreadNodes.None && _next[child] != ThreadNodes.None)
                    {
                        if (!_nodes.IsDummy(node))
                        {
                            yield return ThreadToken.Space;
                        }

                        open.Push(child);
                        child = ThreadNodes.None;
                    }

                    node = child;
                }
            }
        }
    }

    private void AppendTop(int node)
    {
        if (_lastTop == ThreadNodes.None)
        {
            _firstTop = node;
        }
        else
        {
            _next[_lastTop] = node;
        }

        _lastTop = node;
    }

    private void Append(int parent, int node)
    {
        if (_lastChild[parent] == ThreadNodes.None)
        {
            _firstChild[parent] = node;
        }
        else
        {
            _next[_lastChild[parent]] = node;
        }

        _lastChild[parent] = node;
    }

    private static int[] Nones(int count)
    {
        var all = new int[count];
        Array.Fill(all, ThreadNodes.None);
        return all;
    }
}

/// <summary>What stands between the numbers.</summary>
internal static class ThreadToken
{
    public const long Open = -1;
    public const long Close = -2;
    public const long Space = -3;
}
