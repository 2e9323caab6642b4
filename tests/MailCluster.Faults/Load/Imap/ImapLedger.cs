using System.Collections.Concurrent;
using System.Diagnostics;

namespace MailCluster.Faults.Load.Imap;

/// <summary>
/// What one account's clients asked for, and what of it was acknowledged: all else may have happened or not. Safe for any
/// number of threads.
/// </summary>
internal sealed class ImapLedger(string user)
{
    private readonly ConcurrentDictionary<uint, Append> _appends = new();
    private readonly ConcurrentDictionary<string, byte> _sent = new();
    private readonly ConcurrentQueue<FlagChange> _changes = new();
    private readonly ConcurrentDictionary<(uint Uid, string Flags), int> _inDoubt = new();
    private readonly ConcurrentDictionary<uint, byte> _leaving = new();
    private readonly ConcurrentDictionary<uint, long> _expunged = new();
    private readonly ConcurrentQueue<uint> _common = new();
    private readonly ConcurrentQueue<string> _wrong = new();
    private long _validity;
    private int _unavailable;

    public string User => user;

    public IReadOnlyCollection<string> Wrong => _wrong;

    public int Unavailable => _unavailable;

    public IReadOnlyDictionary<uint, Append> Appends => _appends;

    public IReadOnlyCollection<FlagChange> Changes => _changes;

    /// <summary>When the expunge of a message was acknowledged.</summary>
    public IReadOnlyDictionary<uint, long> Expunged => _expunged;

    /// <summary>Messages that all writers of the account change.</summary>
    public uint[] Common => [.. _common];

    public void NoteWrong(string what) => _wrong.Enqueue($"{user}: {what}");

    public void NoteUnavailable() => Interlocked.Increment(ref _unavailable);

    public void NoteValidity(long validity)
    {
        var before = Interlocked.CompareExchange(ref _validity, validity, 0);
        if (before != 0 && before != validity)
        {
            NoteWrong($"UIDVALIDITY was {before} and is {validity}");
        }
    }

    public void WishAppend(string id) => _sent.TryAdd(id, 0);

    public void NoteAppended(uint uid, string id, long sentAt)
    {
        if (!_appends.TryAdd(uid, new Append(id, sentAt, Stopwatch.GetTimestamp())))
        {
            NoteWrong($"UID {uid} was given twice: to {_appends[uid].Id} and to {id}");
        }
    }

    public void Share(uint uid) => _common.Enqueue(uid);

    public void WishFlags(uint uid, string flags) => _inDoubt.AddOrUpdate((uid, flags), 1, static (_, wishes) => wishes + 1);

    public void NoteFlags(uint uid, string flags, long modseq, long sentAt)
    {
        _inDoubt.AddOrUpdate((uid, flags), 0, static (_, wishes) => wishes - 1);
        _changes.Enqueue(new FlagChange(uid, flags, modseq, sentAt, Stopwatch.GetTimestamp()));
    }

    /// <summary>From here on its flags say nothing, and it may be gone.</summary>
    public void WishExpunge(uint uid) => _leaving.TryAdd(uid, 0);

    public void NoteExpunged(uint uid) => _expunged.TryAdd(uid, Stopwatch.GetTimestamp());

    public bool WasSent(string id) => _sent.ContainsKey(id);

    /// <summary>They were asked for, and nobody knows what became of it.</summary>
    public bool AreInDoubt(uint uid, string flags) => _inDoubt.GetValueOrDefault((uid, flags)) > 0;

    public bool MayBeGone(uint uid) => _leaving.ContainsKey(uid);

    /// <summary>An acknowledged APPEND; times are those of <see cref="Stopwatch"/>.</summary>
    public sealed record Append(string Id, long SentAt, long AcknowledgedAt);

    /// <summary>An acknowledged STORE of all flags of one message.</summary>
    public sealed record FlagChange(uint Uid, string Flags, long ModSeq, long SentAt, long AcknowledgedAt);
}
