using System.Collections.Immutable;
using MailCluster.Imap.Sessions;
using MailCluster.Mail.Mailboxes;
using MailCluster.Mail.Structure;

namespace MailCluster.Imap.Commands;

/// <summary>One FETCH under way: pages of messages, small sections read many at a time, large ones streamed.</summary>
internal sealed class FetchRun(ImapSession session, SelectedFolder selected, FetchCommand command)
{
    /// <summary>Octets of the sections, and of the structures, that are in memory at a time.</summary>
    private const int LargestBatch = 1024 * 1024;

    private readonly FetchColumns _columns = command.Items.Aggregate(FetchColumns.Flags, (all, item) => all | item.Columns);

    private readonly bool _marksSeen = !selected.IsReadOnly
        && selected.Folder.Rights.HasFlag(FolderRights.KeepSeen) // RFC 4314 §4
        && command.Items.Any(item => item.MarksSeen);

    private readonly bool _needsSections = command.Items.Any(item => item.IsSection);
    private readonly bool _needsStructure = command.Items.Any(item => item.NeedsStructure);
    private readonly FetchTeller _teller = new(session, selected, command);

    private int PageSize => _needsStructure ? ImapSession.StructurePageSize : ImapSession.PageSize;

    public IEnumerable<SessionEffect> Pages(UidSet uids)
    {
        var after = default(Uid);
        var found = 0L;
        while (!uids.IsEmpty)
        {
            yield return new SessionEffect.Fetch(selected.Folder.Id, uids, _columns, after, PageSize);
            if (!session.Got(out EffectAnswer.Messages messages))
            {
                yield break;
            }

            found += messages.Page.Length;
            foreach (var effect in _needsSections || _needsStructure ? Page(messages.Page) : ShortPage(messages.Page))
            {
                yield return effect;
            }

            if (session.HasFailed)
            {
                yield break;
            }

            if (messages.Page.Length < PageSize)
            {
                // Messages that are gone may not be told of now (RFC 9051 §7.5.1), but that there are some is (RFC 5530 §3).
                selected.MustLook |= found < uids.Except(selected.Unannounced).Count;
                yield break;
            }

            after = messages.Page[^1].Uid;
        }
    }

    /// <summary>All that is asked for has come with the page.</summary>
    private IEnumerable<SessionEffect> ShortPage(ImmutableArray<FetchedMessage> page)
    {
        foreach (var message in page)
        {
            _teller.TellShort(message);
            if (session.Out.Pending > ImapSession.MaxPending)
            {
                yield return SessionEffect.Flush.Instance;
                session.Got(out EffectAnswer.Done _);
            }
        }
    }

    private IEnumerable<SessionEffect> Page(ImmutableArray<FetchedMessage> page)
    {
        var seen = UidSet.Empty;
        FlagsResult? marks = null;
        _teller.MarksTold = 0;
        if (_marksSeen)
        {
            seen = UidSet.Of(page.Where(message => !message.Flags.HasFlag(MessageFlags.Seen)).Select(message => message.Uid));
            if (!seen.IsEmpty)
            {
                yield return selected.Change(new MailboxChange.StoreFlags(
                    selected.Folder.Id, seen, new FlagsChange(FlagsAction.Add, MessageFlags.Seen, [])));
                if (session.Succeeded(out FlagsResult? marked))
                {
                    marks = marked;
                    selected.NoticedModSeq = Math.Max(selected.NoticedModSeq, marked.ModSeq); // until it is told below
                    seen = UidSet.Of(marked.Changed.SelectMany(group => group.Uids.Ranges)); // others may have been there before
                }
                else if (session.LacksRight) // taken away just now: what may be read is read
                {
                    session.Ok("Done");
                    seen = UidSet.Empty;
                }
                else
                {
                    yield break;
                }
            }
        }

        var batch = new FetchBatch(command.Items);
        foreach (var row in page)
        {
            var message = seen.Contains(row.Uid) ? Marked(row, marks!) : row;
            var structure = message.Structure is null ? null : StructureFormat.Read(message.Structure);
            if (structure is null && _needsStructure)
            {
                yield return new SessionEffect.ReadStructure(message.Body);
                if (!session.Got(out EffectAnswer.Structure computed))
                {
                    yield break;
                }

                structure = computed.Of;
                if (structure is null)
                {
                    selected.MustLook = true; // gone meanwhile
                    continue;
                }
            }

            batch.Add(message, structure);
            if (batch.Octets >= LargestBatch)
            {
                foreach (var effect in Tell(batch, seen))
                {
                    yield return effect;
                }

                batch = new FetchBatch(command.Items);
            }
        }

        foreach (var effect in Tell(batch, seen))
        {
            yield return effect;
        }

        // Where the store failed meanwhile, the client hears of the rest as of others' changes.
        if (marks is not null && _teller.MarksTold == seen.Count)
        {
            selected.NoteOwn(marks.Before, marks.ModSeq);
        }
    }

    /// <summary>As the store has it now: others may have changed its flags since the page was read.</summary>
    private static FetchedMessage Marked(FetchedMessage row, FlagsResult marks)
    {
        var group = marks.Changed.First(group => group.Uids.Contains(row.Uid));
        return row with { Flags = group.Flags, Keywords = group.Keywords, ModSeq = marks.ModSeq };
    }

    private IEnumerable<SessionEffect> Tell(FetchBatch batch, UidSet seen)
    {
        var read = ImmutableArray<ReadOnlyMemory<byte>?>.Empty;
        var slices = batch.Slices;
        if (!slices.IsEmpty)
        {
            yield return new SessionEffect.ReadSlices(slices);
            if (!session.Got(out EffectAnswer.Slices got))
            {
                yield break;
            }

            read = got.Octets;
        }

        foreach (var row in batch.Rows)
        {
            if (row.IsGone(read))
            {
                selected.MustLook = true;
                continue;
            }

            foreach (var effect in _teller.Tell(row, read, seen.Contains(row.Message.Uid)))
            {
                yield return effect;
            }
        }
    }
}
