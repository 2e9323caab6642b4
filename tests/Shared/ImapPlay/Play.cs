using System.Collections.Immutable;
using MailCluster.Imap.Sessions;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.ImapPlay;

/// <summary>One deed of a play. The numbers choose what it is done to, within what there is then.</summary>
/// <param name="Steps">How many steps of anybody follow it, before the next deed.</param>
internal readonly record struct Deed(int Client, Verb Verb, int A, int B, int Steps);

internal enum Verb
{
    Select,
    Examine,
    Append,
    Deliver,
    Store,
    UidStore,
    Copy,
    Move,
    Expunge,
    UidExpunge,
    Fetch,
    FetchBody,
    UidFetch,
    FetchChanged,
    Search,
    Noop,
    Idle,
    Close,
    Unselect,
    Reconnect,
}

/// <summary>
/// Several clients on one mailbox. After each deed, or between any two effects where they interleave, everything that is
/// told must fit the picture of who hears it; in the end every picture must be the model's mailbox.
/// </summary>
internal sealed class Play
{
    private const string Name = "INBOX";

    private readonly List<PlayedClient> _clients;
    private readonly ModelMailbox _model = new();
    private readonly Random _random;
    private readonly bool _interleaves;
    private readonly List<string> _log = [];
    private readonly FolderId _inbox;
    private readonly bool _mayFail;
    private double _failures;

    /// <param name="failures">How often the store fails, from 0 to 1.</param>
    public Play(IPlayedStore store, TimeProvider time, IEnumerable<ClientKind> kinds, int seed, bool interleaves, double failures)
    {
        (Store, Time, _interleaves) = (store, time, interleaves);
        _random = new Random(seed);
        foreach (var folder in new[] { Name, "Sent" })
        {
            var found = ((EffectAnswer.Found)store.Answer(new SessionEffect.FindFolder(FolderName.Parse(folder)))).Folder!;
            _model.Add(found);
            _inbox = folder == Name ? found.Id : _inbox;
        }

        _clients = [.. kinds.Select((kind, i) => new PlayedClient(this, kind, _log))];
        _failures = failures;
        _mayFail = failures > 0;
    }

    public IPlayedStore Store { get; }

    public TimeProvider Time { get; }

    /// <exception cref="PlayException">Something was told, or done, that cannot be.</exception>
    public static void Require(bool isSo, string otherwise)
    {
        if (!isSo)
        {
            throw new PlayException(otherwise);
        }
    }

    /// <exception cref="PlayException">With all that was said.</exception>
    public void Run(IEnumerable<Deed> deeds)
    {
        try
        {
            Deliver(3);
            foreach (var deed in deeds)
            {
                Do(deed);
                Go(_interleaves ? deed.Steps : int.MaxValue);
            }

            Go(int.MaxValue);
            _failures = 0;
            _clients.ForEach(client => client.Finish());
            Go(int.MaxValue);
            if (!_mayFail)
            {
                _clients.Where(client => client.Host.IsIdling && client.Picture is not null).ToList().ForEach(Compare);
            }

            _clients.ForEach(client => client.EndIdle());
            foreach (var client in _clients.Where(client => client.Picture is not null))
            {
                client.Run("NOOP");
                Compare(client);
            }
        }
        catch (Exception trouble)
        {
            throw new PlayException($"{trouble}\n{string.Join('\n', _log)}");
        }
    }

    public bool StoreFails() => _failures > 0 && _random.NextDouble() < _failures;

    public void Apply(MailboxChange change, ChangeResult result)
    {
        if (result.Outcome != FolderOutcome.Done)
        {
            return;
        }

        var before = _model.Inbox.HighestModSeq;
        _model.Apply(change, result);
        if (_model.Inbox.HighestModSeq != before)
        {
            _clients.ForEach(client => client.Host.Notice(_inbox, _model.Inbox.HighestModSeq));
        }
    }

    private void Deliver(int count)
    {
        var entry = new AppendEntry(new BodyId((UInt128)4711), 10, "", MessageFlags.None, [], Time.GetUtcNow());
        var change = new MailboxChange.Append(FolderName.Inbox, [.. Enumerable.Repeat(entry, count)]);
        _log.Add($"   {count} delivered");
        Apply(change, Store.Deliver(change));
    }

    private void Go(int steps)
    {
        for (; steps > 0; steps--)
        {
            var (able, noticed) = (
                _clients.Where(client => client.Host.CanStep).ToList(),
                _clients.Where(client => client.Host.HasNotices).ToList());
            if (able.Count + noticed.Count == 0)
            {
                return;
            }

            var choice = _random.Next(able.Count + noticed.Count);
            if (choice < able.Count)
            {
                able[choice].Step();
            }
            else
            {
                noticed[choice - able.Count].Host.TakeNotice();
            }
        }
    }

    private void Do(Deed deed)
    {
        var client = _clients[deed.Client % _clients.Count];
        if (deed.Verb == Verb.Reconnect && client is { Kind: ClientKind.Qresync, Picture: { } cut })
        {
            Reconnect(client, cut);
            return;
        }

        client.Finish();
        client.EndIdle();
        if (deed.Verb == Verb.Deliver)
        {
            Deliver(1 + (deed.A % 2));
        }
        else if (deed.Verb == Verb.Append)
        {
            client.Begin($"APPEND {Name} ({Flag(deed.A)} {Flag(deed.B)}) {{1+}}\r\nx{(deed.A % 3 == 0 ? " {1+}\r\ny" : "")}");
        }
        else if (client.Picture is null || deed.Verb is Verb.Select or Verb.Examine)
        {
            Select(client, deed.Verb == Verb.Examine);
        }
        else
        {
            Do(client, client.Picture, deed);
        }
    }

    private void Do(PlayedClient client, Picture picture, Deed deed)
    {
        var set = NumberSet.Of(picture, deed.A, deed.B);
        var uids = NumberSet.OfUids(picture, deed.A, deed.B);
        switch (deed.Verb)
        {
            case Verb.Store:
                StoreFlags(client, picture, set, deed, "");
                break;
            case Verb.UidStore:
                StoreFlags(client, picture, uids, deed, "UID ");
                break;
            case Verb.Copy or Verb.Move:
                var isUid = deed.B % 2 == 0;
                client.Expected = (isUid ? uids : set).Uids;
                client.Begin($"{(isUid ? "UID " : "")}{deed.Verb.ToString().ToUpperInvariant()} "
                    + $"{(isUid ? uids : set).Text} {(deed.A % 4 == 0 ? "Sent" : Name)}");
                break;
            case Verb.Expunge:
                client.Begin("EXPUNGE");
                break;
            case Verb.UidExpunge:
                client.Begin($"UID EXPUNGE {uids.Text}");
                break;
            case Verb.Fetch:
                client.Begin($"FETCH {set.Text} {(client.Kind == ClientKind.Plain ? "FLAGS" : "(UID FLAGS MODSEQ)")}");
                break;
            case Verb.FetchBody:
                client.Begin($"{(deed.A % 3 == 0 ? "UID " : "")}FETCH {(deed.A % 3 == 0 ? uids : set).Text} BODY[]<999999.1>");
                break;
            case Verb.UidFetch:
                client.Begin($"UID FETCH {uids.Text} (FLAGS)");
                break;
            case Verb.FetchChanged:
                FetchChanged(client, picture, uids);
                break;
            case Verb.Search:
                Search(client, picture, deed);
                break;
            case Verb.Noop:
                client.Begin("NOOP", _ => FetchUnknown(client));
                break;
            case Verb.Idle:
                client.Begin("IDLE");
                break;
            case Verb.Close or Verb.Unselect:
                client.Begin(deed.Verb.ToString().ToUpperInvariant(), tagged =>
                    client.Picture = tagged.StartsWith("OK", StringComparison.Ordinal) ? null : client.Picture);
                break;
            default:
                client.Begin("CHECK");
                break;
        }
    }

    private static string Flag(int number) => Flags.All[number % Flags.All.Length].Name;

    private static void Select(PlayedClient client, bool isReadOnly)
    {
        client.Picture = new Picture();
        client.IsReadOnly = isReadOnly;
        client.Begin($"{(isReadOnly ? "EXAMINE" : "SELECT")} {Name}", tagged =>
        {
            if (tagged.StartsWith("OK", StringComparison.Ordinal))
            {
                FetchUnknown(client);
            }
            else
            {
                client.Picture = null;
            }
        });
    }

    private static void FetchUnknown(PlayedClient client)
    {
        var unknown = client.Picture!.Messages.Index()
            .Where(message => message.Item.Uid is null || message.Item.Flags is null).Select(message => message.Index + 1);
        if (unknown.Any())
        {
            client.Begin($"FETCH {string.Join(',', unknown)} (UID FLAGS)");
        }
    }

    private static void FetchChanged(PlayedClient client, Picture picture, NumberSet uids)
    {
        var modifiers = client.Kind == ClientKind.Qresync
            ? $"(CHANGEDSINCE {Math.Max(1, picture.ModSeq)} VANISHED)" : "(CHANGEDSINCE 1)";
        client.Begin($"UID FETCH {uids.Text} (FLAGS) {modifiers}", onUntagged: line => Require(
            !Picture.EarlierVanished(line).Intersect(picture.Messages.Select(message => message.Uid ?? 0)).Any(),
            $"what the client counts has not gone earlier: {line}"));
    }

    /// <summary>With .SILENT the client knows by itself what it did, unless it hears that it failed.</summary>
    private static void StoreFlags(PlayedClient client, Picture picture, NumberSet set, Deed deed, string uid)
    {
        var action = (FlagsAction)(deed.A % 3);
        var silent = deed.B % 3 == 0;
        var named = new[] { Flag(deed.A), Flag(deed.B) };
        var since = deed.A % 5 == 0 ? $"(UNCHANGEDSINCE {picture.ModSeq + (deed.B % 3)}) " : "";
        client.Expected = set.Uids;
        if (silent && !client.IsReadOnly)
        {
            foreach (var message in set.Messages)
            {
                var isSure = message.Flags is not null && set.Uids is not null && since.Length == 0;
                message.Flags = isSure ? Flags.After(message.Flags!, action, named) : null;
            }
        }

        client.Begin(
            $"{uid}STORE {set.Text} {since}{"+- "[(int)action].ToString().Trim()}FLAGS{(silent ? ".SILENT" : "")} ({named[0]} {named[1]})",
            tagged => set.Forget(silent && !tagged.StartsWith("OK", StringComparison.Ordinal)));
        client.OnCut = () => set.Forget(silent);
    }

    private void Search(PlayedClient client, Picture picture, Deed deed)
    {
        var key = SearchKey.Of(picture, deed.A, deed.B);
        var isUid = deed.B % 2 == 0;
        var isSure = !_interleaves && !_mayFail && picture.Messages.TrueForAll(message => message.Uid is not null);
        client.Begin($"{(isUid ? "UID " : "")}SEARCH {key.Text}", onUntagged: line =>
        {
            if (!line.StartsWith("* SEARCH", StringComparison.Ordinal))
            {
                return;
            }

            var found = Flags.Split(line["* SEARCH".Length..]).Select(int.Parse).ToHashSet();
            Require(isUid || found.All(number => number >= 1 && number <= picture.Messages.Count), $"no such number: {line}");
            foreach (var (index, message) in isSure ? picture.Messages.Index() : [])
            {
                // One that has gone meanwhile may be found or not.
                if (_model.Inbox.Messages.Find(known => known.Uid == message.Uid) is { } known)
                {
                    Require(
                        found.Contains(isUid ? (int)known.Uid : index + 1) == key.IsSo(index + 1, known),
                        $"{key.Text} of {index + 1} ({known.Uid} {known.Flags}): {line}");
                }
            }
        });
    }

    /// <summary>The connection is gone, whatever was under way, and the client comes again with what it knew.</summary>
    private void Reconnect(PlayedClient client, Picture picture)
    {
        client.Cut();
        var failures = _failures;
        _failures = 0;
        var known = picture.Messages.Where(message => message.Uid is not null)
            .ToDictionary(message => message.Uid!.Value, message => message.Flags);
        var firstUnknown = picture.Messages.FindIndex(message => message.Uid is null);
        client.Connect();
        if (picture.ModSeq > 0)
        {
            Resynchronize(client, picture, known);
            if (firstUnknown >= 0)
            {
                var above = firstUnknown == 0 ? 0 : picture.Messages[firstUnknown - 1].Uid;
                client.Run($"UID FETCH {above + 1}:* (FLAGS)");
                Merge(client.Picture!, known);
            }

            Require(
                known.Keys.Order().SequenceEqual(_model.Inbox.Messages.Select(message => message.Uid)),
                $"after QRESYNC there are {string.Join(',', known.Keys.Order())}, not {string.Join(',', _model.Inbox.Messages.Select(m => m.Uid))}");
            foreach (var message in _model.Inbox.Messages)
            {
                Require(
                    (known[message.Uid] ?? message.Flags) == message.Flags,
                    $"after QRESYNC {message.Uid} has {known[message.Uid]}, not {message.Flags}");
            }

            foreach (var (message, (uid, flags)) in client.Picture!.Messages.Zip(known.OrderBy(one => one.Key)))
            {
                (message.Uid, message.Flags) = (uid, flags);
            }
        }

        _failures = failures;
    }

    private static void Resynchronize(PlayedClient client, Picture before, Dictionary<uint, string?> known)
    {
        client.Picture = new Picture();
        client.IsReadOnly = false;
        client.Run($"SELECT {Name} (QRESYNC ({before.UidValidity} {before.ModSeq}))", onUntagged: line =>
        {
            foreach (var uid in Picture.EarlierVanished(line))
            {
                known.Remove(uid);
            }
        });
        Merge(client.Picture, known);
    }

    private static void Merge(Picture picture, Dictionary<uint, string?> known)
    {
        foreach (var message in picture.Messages.Where(message => message.Uid is not null))
        {
            known[message.Uid!.Value] = message.Flags ?? known.GetValueOrDefault(message.Uid.Value);
        }
    }

    private void Compare(PlayedClient client)
    {
        var picture = client.Picture!;
        var real = _model.Inbox.Messages;
        Require(picture.Messages.Count == real.Count, $"{client.Kind} knows {picture}, there are {real.Count}");
        foreach (var (pictured, message) in picture.Messages.Zip(real))
        {
            Require(
                (pictured.Uid ?? message.Uid) == message.Uid && (pictured.Flags ?? message.Flags) == message.Flags
                && (client.Kind == ClientKind.Plain || (pictured.ModSeq ?? message.ModSeq) == message.ModSeq),
                $"{client.Kind} knows {pictured} MODSEQ {pictured.ModSeq}, but it is {message.Uid} ({message.Flags}) MODSEQ {message.ModSeq}");
        }
    }
}

/// <summary>What must not be was, and all that was said before it.</summary>
internal sealed class PlayException(string message) : Exception(message);
