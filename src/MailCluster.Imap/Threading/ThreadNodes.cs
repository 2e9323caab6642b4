using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Threading;

/// <summary>
/// Messages on their way into threads, and dummies that stand for messages which are not there (RFC 5256 §3): each with its
/// parent. Columns of numbers, and of texts only a hash: a million messages must not cost more than they have to. Nothing
/// here goes down a thread by recursion, since how deep one is, is the sender's choice.
/// </summary>
internal sealed class ThreadNodes(int most)
{
    /// <summary>No parent; no subject; no node.</summary>
    public const int None = -1;

    private readonly List<uint> _uids = [];
    private readonly List<long> _sent = [];
    private readonly List<int> _subjects = [];
    private readonly List<bool> _replies = [];
    private readonly List<int> _parents = [];
    private readonly Dictionary<UInt128, int> _knownSubjects = [];

    public int Count => _uids.Count;

    public bool IsFull => Count >= most;

    public int AddDummy()
    {
        _uids.Add(0);
        _sent.Add(0);
        _subjects.Add(None);
        _replies.Add(false);
        _parents.Add(None);
        return Count - 1;
    }

    /// <summary>The message stands in the place of the dummy.</summary>
    public void Fill(int node, ThreadedMessage message)
    {
        _uids[node] = message.Uid.Value;
        _sent[node] = message.SentAt.UtcTicks;
        _replies[node] = message.IsReplyOrForward;
        if (message.BaseSubject.Length == 0)
        {
            return;
        }

        var hash = Hash(message.BaseSubject);
        if (!_knownSubjects.TryGetValue(hash, out var subject))
        {
            _knownSubjects[hash] = subject = _knownSubjects.Count;
        }

        _subjects[node] = subject;
    }

    public bool IsDummy(int node) => _uids[node] == 0;

    public Uid UidOf(int node) => new(_uids[node]);

    public int SubjectOf(int node) => _subjects[node];

    public bool IsReply(int node) => _replies[node];

    public int ParentOf(int node) => _parents[node];

    public void SetParent(int node, int parent) => _parents[node] = parent;

    /// <summary>
    /// The nearest node above that is no dummy, or else the dummy at the top; <see cref="None"/> at the top itself. What is
    /// found is noted in the dummies on the way, so that no way is gone twice.
    /// </summary>
    public int Above(int node)
    {
        var found = _parents[node];
        while (found != None && IsDummy(found) && _parents[found] != None)
        {
            found = _parents[found];
        }

        for (var at = _parents[node]; at != found;)
        {
            var next = _parents[at];
            _parents[at] = found;
            at = next;
        }

        return found;
    }

    /// <summary>All messages by sent date, and where that is equal as they stand in the mailbox (RFC 5256 §2.2).</summary>
    public int[] BySentDate()
    {
        var order = new int[_uids.Count(uid => uid != 0)];
        var keys = new UInt128[order.Length];
        var at = 0;
        for (var node = 0; node < Count; node++)
        {
            if (!IsDummy(node))
            {
                order[at] = node;
                keys[at++] = ((UInt128)(ulong)_sent[node] << 32) | _uids[node];
            }
        }

        Array.Sort(keys, order);
        return order;
    }

    /// <summary>Two texts have one hash only where somebody breaks SHA-256.</summary>
    public static UInt128 Hash(string text) =>
        BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
