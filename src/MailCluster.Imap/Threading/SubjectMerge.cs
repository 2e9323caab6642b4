namespace MailCluster.Imap.Threading;

/// <summary>Steps 4 and 5 of REFERENCES (RFC 5256 §3): threads of one base subject become one.</summary>
internal sealed class SubjectMerge(ThreadNodes nodes)
{
    /// <summary>By subject the node at the top that the others come to.</summary>
    private readonly Dictionary<int, int> _table = [];

    /// <summary>Of a dummy at the top the subject, which is that of its first child.</summary>
    private readonly Dictionary<int, int> _subjects = [];

    public void Run()
    {
        var tops = Tops();
        foreach (var top in tops)
        {
            Enter(top);
        }

        foreach (var top in tops)
        {
            if (nodes.ParentOf(top) == ThreadNodes.None)
            {
                Merge(top);
            }
        }
    }

    /// <summary>Step 4: by sent date, a dummy by that of its first child.</summary>
    private List<int> Tops()
    {
        var tops = new List<int>();
        foreach (var node in nodes.BySentDate())
        {
            var parent = nodes.ParentOf(node);
            if (parent == ThreadNodes.None)
            {
                tops.Add(node);
            }
            else if (nodes.IsDummy(parent) && _subjects.TryAdd(parent, nodes.SubjectOf(node)))
            {
                tops.Add(parent);
            }
        }

        return tops;
    }

    private int SubjectOf(int top) => nodes.IsDummy(top) ? _subjects[top] : nodes.SubjectOf(top);

    /// <summary>Step 5.B.</summary>
    private void Enter(int top)
    {
        var subject = SubjectOf(top);
        if (subject == ThreadNodes.None || _table.TryAdd(subject, top))
        {
            return;
        }

        var known = _table[subject];
        if (!nodes.IsDummy(known) && (nodes.IsDummy(top) || (nodes.IsReply(known) && !nodes.IsReply(top))))
        {
            _table[subject] = top;
        }
    }

    /// <summary>Step 5.C.</summary>
    private void Merge(int top)
    {
        var subject = SubjectOf(top);
        if (subject == ThreadNodes.None || _table[subject] == top)
        {
            return;
        }

        var known = _table[subject];

        // Of two dummies the children of one come to the other, since they settle below the dummy at the top.
        if (nodes.IsDummy(known) || (nodes.IsReply(top) && !nodes.IsReply(known)))
        {
            nodes.SetParent(top, known);
            return;
        }

        var both = nodes.AddDummy();
        nodes.SetParent(top, both);
        nodes.SetParent(known, both);
        _table[subject] = both;
        _subjects[both] = subject;
    }
}
