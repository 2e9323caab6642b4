namespace MailCluster.Imap.Threading;

/// <summary>
/// REFERENCES (RFC 5256 §3): threads by what a message says it replies to, and where that leads nowhere, by subject. The
/// steps have the numbers of the RFC; only the order in which they sort is left to <see cref="MessageForest"/>.
/// </summary>
internal sealed class ReferencesThreader(int mostNodes) : IThreader
{
    /// <summary>References of one message that are looked at, the newest: RFC 5322 §3.6.4 lets programs cut such lists.</summary>
    public const int MostReferences = 100;

    /// <summary>
    /// How far up a thread is looked for a loop. It takes a message that comes after its replies, and is itself a reply
    /// within the same thread, to be looked at at all; where it goes up further it is linked no more.
    /// </summary>
    public const int LongestWalk = 1_000;

    private readonly ThreadNodes _nodes = new(mostNodes);
    private readonly Dictionary<UInt128, int> _byId = [];
    private readonly List<bool> _hasChildren = [];

    /// <summary>Nodes that were ever linked, however far apart, have one root here: so most links need no walk.</summary>
    private readonly List<int> _linked = [];

    public bool TryAdd(ThreadedMessage message)
    {
        if (_nodes.IsFull || NodeOf(message) is not { } node)
        {
            return false;
        }

        _nodes.Fill(node, message);
        var last = ThreadNodes.None;
        foreach (var reference in message.References.TakeLast(MostReferences))
        {
            if (Find(reference) is not { } next)
            {
                return false;
            }

            // Step 1.A: a link that there is stays.
            if (last != ThreadNodes.None && _nodes.ParentOf(next) == ThreadNodes.None && !MakesLoop(last, next))
            {
                Link(last, next);
            }

            last = next;
        }

        // Step 1.B: the message itself knows better than those that named it on the way.
        _nodes.SetParent(node, ThreadNodes.None);
        if (last != ThreadNodes.None && !MakesLoop(last, node))
        {
            Link(last, node);
        }

        return true;
    }

    public IEnumerable<MessageForest?> Finish()
    {
        Prune();
        yield return null;
        new SubjectMerge(_nodes).Run();
        yield return null;
        Settle();
        yield return null;
        yield return new MessageForest(_nodes);
    }

    /// <summary>Step 1.A: of two with one id the first has it, and the other one is as if it had none.</summary>
    private int? NodeOf(ThreadedMessage message)
    {
        if (message.MessageId is not { } id)
        {
            return Add();
        }

        return Find(id) is not { } node ? null : _nodes.IsDummy(node) ? node : Add();
    }

    private int? Find(string id)
    {
        var hash = ThreadNodes.Hash(id);
        if (_byId.TryGetValue(hash, out var known))
        {
            return known;
        }

        return Add() is { } node ? _byId[hash] = node : null;
    }

    private int? Add()
    {
        if (_nodes.IsFull)
        {
            return null;
        }

        _hasChildren.Add(false);
        _linked.Add(_nodes.Count);
        return _nodes.AddDummy();
    }

    private void Link(int parent, int child)
    {
        _nodes.SetParent(child, parent);
        _hasChildren[parent] = true;
        _linked[RootOf(child)] = RootOf(parent);
    }

    private bool MakesLoop(int parent, int child)
    {
        if (parent == child)
        {
            return true;
        }

        if (!_hasChildren[child] || RootOf(parent) != RootOf(child))
        {
            return false;
        }

        var at = parent;
        for (var i = 0; i < LongestWalk && at != ThreadNodes.None && at != child; i++)
        {
            at = _nodes.ParentOf(at);
        }

        return at != ThreadNodes.None;
    }

    private int RootOf(int node)
    {
        while (_linked[node] != node)
        {
            _linked[node] = _linked[_linked[node]];
            node = _linked[node];
        }

        return node;
    }

    /// <summary>Steps 2 and 3: dummies go, but for those at the top that hold several together.</summary>
    private void Prune()
    {
        Settle();
        var children = new Dictionary<int, int>();
        for (var node = 0; node < _nodes.Count; node++)
        {
            if (!_nodes.IsDummy(node) && _nodes.ParentOf(node) is var parent && parent != ThreadNodes.None && _nodes.IsDummy(parent))
            {
                children[parent] = children.GetValueOrDefault(parent) + 1;
            }
        }

        for (var node = 0; node < _nodes.Count; node++)
        {
            if (!_nodes.IsDummy(node) && children.GetValueOrDefault(_nodes.ParentOf(node)) == 1)
            {
                _nodes.SetParent(node, ThreadNodes.None);
            }
        }
    }

    /// <summary>Each message below the message above it, or the dummy at the top.</summary>
    private void Settle()
    {
        for (var node = 0; node < _nodes.Count; node++)
        {
            if (!_nodes.IsDummy(node))
            {
                _nodes.SetParent(node, _nodes.Above(node));
            }
        }
    }
}
