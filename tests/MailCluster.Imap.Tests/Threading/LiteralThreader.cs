using MailCluster.Imap.Threading;

namespace MailCluster.Imap.Tests.Threading;

/// <summary>THREAD=REFERENCES as RFC 5256 §3 words it, step by step and without regard to time: what ours is held against.</summary>
internal sealed class LiteralThreader
{
    private readonly Dictionary<string, Node> _byId = [];
    private readonly List<Node> _all = [];
    private readonly Node _root = new();

    public static string Thread(IEnumerable<ThreadedMessage> messages)
    {
        var threader = new LiteralThreader();
        foreach (var message in messages)
        {
            threader.Link(message);
        }

        threader.Gather();
        threader.Prune(threader._root);
        threader.SortTop();
        threader.MergeSubjects();
        SortAll(threader._root);
        return string.Concat(threader._root.Children.Select(Written));
    }

    private Node New()
    {
        var node = new Node();
        _all.Add(node);
        return node;
    }

    private Node Find(string id) => _byId.TryGetValue(id, out var node) ? node : _byId[id] = New();

    /// <summary>Step 1.</summary>
    private void Link(ThreadedMessage message)
    {
        var node = message.MessageId is { } id && Find(id) is { Message: null } free ? free : New();
        node.Message = message;
        Node? last = null;
        foreach (var reference in message.References.Select(Find))
        {
            if (last is not null && reference.Parent is null && !last.IsIn(reference))
            {
                reference.MoveTo(last);
            }

            last = reference;
        }

        node.MoveTo(null);
        if (last is not null && !last.IsIn(node))
        {
            node.MoveTo(last);
        }
    }

    /// <summary>Step 2.</summary>
    private void Gather()
    {
        foreach (var node in _all.Where(node => node.Parent is null))
        {
            node.MoveTo(_root);
        }
    }

    /// <summary>Step 3.</summary>
    private void Prune(Node parent)
    {
        foreach (var node in parent.Children.ToList())
        {
            Prune(node);
            if (node.Message is not null || (parent == _root && node.Children.Count > 1))
            {
                continue;
            }

            foreach (var child in node.Children.ToList())
            {
                child.MoveTo(parent);
            }

            node.MoveTo(null);
        }
    }

    /// <summary>Step 4.</summary>
    private void SortTop()
    {
        foreach (var dummy in _root.Children.Where(node => node.Message is null))
        {
            dummy.Sort();
        }

        _root.Sort();
    }

    /// <summary>Step 5.</summary>
    private void MergeSubjects()
    {
        var table = new Dictionary<string, Node>();
        foreach (var node in _root.Children.Where(node => node.Subject.Length > 0))
        {
            if (!table.TryGetValue(node.Subject, out var known)
                || (known.Message is not null && (node.Message is null || (known.IsReply && !node.IsReply))))
            {
                table[node.Subject] = node;
            }
        }

        foreach (var node in _root.Children.Where(node => node.Subject.Length > 0).ToList())
        {
            var known = table[node.Subject];
            if (known == node || node.Parent != _root)
            {
                continue;
            }

            if (known.Message is null && node.Message is null)
            {
                foreach (var child in node.Children.ToList())
                {
                    child.MoveTo(known);
                }

                node.MoveTo(null);
            }
            else if (known.Message is null || (node.IsReply && !known.IsReply))
            {
                node.MoveTo(known);
            }
            else
            {
                var dummy = New();
                dummy.MoveTo(_root);
                table[node.Subject] = dummy;
                node.MoveTo(dummy);
                known.MoveTo(dummy);
            }
        }
    }

    /// <summary>Step 6.</summary>
    private static void SortAll(Node node)
    {
        foreach (var child in node.Children)
        {
            SortAll(child);
        }

        node.Sort();
    }

    private static string Written(Node node) => $"({Members(node)})";

    private static string Members(Node node)
    {
        var own = node.Message is { } message ? $"{message.Uid.Value}" : "";
        return node.Children.Count switch
        {
            0 => own,
            1 => $"{own} {Members(node.Children[0])}",
            _ => $"{own}{(own.Length > 0 ? " " : "")}{string.Concat(node.Children.Select(Written))}",
        };
    }

    private sealed class Node
    {
        public ThreadedMessage? Message { get; set; }

        public Node? Parent { get; private set; }

        public List<Node> Children { get; } = [];

        public string Subject => (Message ?? Children[0].Message)!.BaseSubject;

        public bool IsReply => Message is { IsReplyOrForward: true };

        private (DateTimeOffset, uint) Key => Message is { } own ? (own.SentAt, own.Uid.Value) : Children[0].Key;

        public bool IsIn(Node above)
        {
            var node = this;
            while (node is not null && node != above)
            {
                node = node.Parent;
            }

            return node is not null;
        }

        public void MoveTo(Node? parent)
        {
            Parent?.Children.Remove(this);
            Parent = parent;
            parent?.Children.Add(this);
        }

        public void Sort() => Children.Sort((a, b) => a.Key.CompareTo(b.Key));
    }
}
