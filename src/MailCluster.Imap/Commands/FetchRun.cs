using System.Collections.Immutable;
using MailCluster.Imap.Responses;
using MailCluster.Imap.Sessions;
using MailCluster.Imap.Syntax;
using MailCluster.Mail.Mailboxes;
using MailCluster.Mail.Structure;

namespace MailCluster.Imap.Commands;

/// <summary>One FETCH under way: pages of messages, small sections read many at a time, large ones streamed.</summary>
internal sealed class FetchRun(ImapSession session, SelectedFolder selected, FetchCommand command)
{
    /// <summary>Longer sections are streamed, each by itself.</summary>
    private const int LargestRead = 64 * 1024;

    /// <summary>Octets of the sections, and of the structures, that are in memory at a time.</summary>
    private const int LargestBatch = 1024 * 1024;

    /// <summary>Octets of a header in which HEADER.FIELDS looks; what stands behind them is not found.</summary>
    private const int LargestHeader = 1024 * 1024;

    private readonly FetchColumns _columns =
        (command.Items.Any(item => item.IsSection) ? FetchColumns.Prefix : FetchColumns.Short)
        | (command.Items.Any(item => item.NeedsStructure) ? FetchColumns.Structure : FetchColumns.Short);

    private readonly bool _marksSeen = !selected.IsReadOnly
        && selected.Folder.Rights.HasFlag(FolderRights.KeepSeen) // RFC 4314 §4
        && command.Items.Any(item => item.MarksSeen);

    private readonly BinarySections _binary = new(session);
    private readonly bool _needsStructure = command.Items.Any(item => item.NeedsStructure);

    /// <summary>Messages of the page that the client heard to be marked as seen.</summary>
    private int _marksTold;

    private readonly int _pageSize =
        command.Items.Any(item => item.NeedsStructure) ? ImapSession.StructurePageSize : ImapSession.PageSize;

    public IEnumerable<SessionEffect> Pages(UidSet uids)
    {
        var after = default(Uid);
        var found = 0L;
        while (!uids.IsEmpty)
        {
            yield return new SessionEffect.Fetch(selected.Folder.Id, uids, _columns, after, _pageSize);
            if (!session.Got(out EffectAnswer.Messages messages))
            {
                yield break;
            }

            found += messages.Page.Length;

            foreach (var effect in Page(messages.Page))
            {
                yield return effect;
            }

            if (session.HasFailed)
            {
                yield break;
            }

            if (messages.Page.Length < _pageSize)
            {
                // Messages that are gone may not be told of now (RFC 9051 §7.5.1), but that there are some is (RFC 5530 §3).
                selected.MustLook |= found < uids.Except(selected.Unannounced).Count;
                yield break;
            }

            after = messages.Page[^1].Uid;
        }
    }

    private IEnumerable<SessionEffect> Page(ImmutableArray<FetchedMessage> page)
    {
        var seen = UidSet.Empty;
        FlagsResult? marks = null;
        _marksTold = 0;
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

        var batch = new List<(FetchedMessage Message, MessageStructure? Structure)>();
        var octets = 0L;
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

            batch.Add((message, structure));
            octets += SmallSlices(message, structure).Sum(slice => slice.Length) + (message.Structure?.Length ?? 0);
            if (octets >= LargestBatch)
            {
                foreach (var effect in Batch(batch, seen))
                {
                    yield return effect;
                }

                batch.Clear();
                octets = 0;
            }
        }

        foreach (var effect in Batch(batch, seen))
        {
            yield return effect;
        }

        // Where the store failed meanwhile, the client hears of the rest as of others' changes.
        if (marks is not null && _marksTold == seen.Count)
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

    private IEnumerable<SessionEffect> Batch(List<(FetchedMessage Message, MessageStructure? Structure)> batch, UidSet seen)
    {
        // The same slice may be asked for many times, such as the header for a field each: it is read once.
        var slices = batch.SelectMany(row => SmallSlices(row.Message, row.Structure)).Distinct().ToImmutableArray();
        var read = new Dictionary<MessageSlice, ReadOnlyMemory<byte>?>();
        if (!slices.IsEmpty)
        {
            yield return new SessionEffect.ReadSlices(slices);
            if (!session.Got(out EffectAnswer.Slices got))
            {
                yield break;
            }

            for (var i = 0; i < slices.Length; i++)
            {
                read[slices[i]] = got.Octets[i];
            }
        }

        foreach (var (message, structure) in batch)
        {
            ReadOnlyMemory<ReadOnlyMemory<byte>?> own =
                SmallSlices(message, structure).Select(slice => read[slice]).ToArray();
            var number = selected.Numbers.NumberOf(message.Uid);
            if (number == 0 || own.Span.Contains(null))
            {
                selected.MustLook = true; // not told of yet, or gone meanwhile
                continue;
            }

            foreach (var effect in TellDecodable(message, structure, number, own, seen.Contains(message.Uid)))
            {
                yield return effect;
            }
        }
    }

    /// <summary>
    /// What cannot be decoded fails the command (RFC 3516 §4.3), and what is decoded must be measured: both before the
    /// response is begun.
    /// </summary>
    private IEnumerable<SessionEffect> TellDecodable(
        FetchedMessage message, MessageStructure? structure, int number, ReadOnlyMemory<ReadOnlyMemory<byte>?> small, bool wasMarked)
    {
        var layout = new MessageLayout(message, structure);
        var sections = command.Items.Where(item => item.IsBinary).Select(item => layout.FindEncoded(item.Section!)).ToList();
        var mayTell = sections.Count == 0 || (!session.HasFailed && _binary.Knows(sections));
        if (mayTell && sections.Count > 0)
        {
            foreach (var effect in _binary.Measure(sections.Where(section => section?.Slice.Length > LargestRead)))
            {
                yield return effect;
            }

            mayTell = !session.HasFailed;
        }

        if (!mayTell)
        {
            if (wasMarked)
            {
                session.TellFlags(
                    selected, message.Uid, message.Flags, message.Keywords, message.ModSeq, withUid: command.IsUid);
                _marksTold++;
            }

            yield break;
        }

        foreach (var effect in Tell(message, structure, number, small, wasMarked))
        {
            yield return effect;
        }
    }

    private IEnumerable<SessionEffect> Tell(
        FetchedMessage message, MessageStructure? structure, int number, ReadOnlyMemory<ReadOnlyMemory<byte>?> small, bool wasMarked)
    {
        var output = session.Out;
        var layout = new MessageLayout(message, structure);
        session.BeginFetch(number, message.Uid);
        var first = command.IsUidImplied && session.IsUidOnly ? 1 : 0;
        var next = 0;
        for (var i = first; i < command.Items.Length; i++)
        {
            var item = command.Items[i];
            if (output.Pending > ImapSession.MaxPending)
            {
                yield return SessionEffect.Flush.Instance; // a hundred structures of one message are large as well
                session.Got(out EffectAnswer.Done _);
            }

            output.Text(i == first ? "" : " ");
            if (!item.IsSection)
            {
                Tell(item.Kind, message, structure);
                continue;
            }

            output.Text(item.Label).Text(" ");
            var slice = SliceOf(item, layout);
            if (slice is null)
            {
                output.Text(item.Kind == FetchKind.BinarySize ? "0" : "NIL");
            }
            else if (item.IsBinary)
            {
                var encoded = layout.FindEncoded(item.Section!)!;
                foreach (var effect in _binary.Tell(item, encoded, IsSmall(item, slice) ? small.Span[next++] : null))
                {
                    yield return effect;
                }
            }
            else if (IsSmall(item, slice))
            {
                var octets = small.Span[next++]!.Value;
                TellSection(item, octets);
            }
            else
            {
                output.LiteralHeader(slice.Length);
                yield return new SessionEffect.SendSlice(slice);
                session.Got(out EffectAnswer.Done _);
            }
        }

        if (wasMarked && command.Items.All(item => item.Kind != FetchKind.Flags))
        {
            output.Text(" FLAGS ").Flags(message.Flags, message.Keywords);
        }

        // RFC 7162 §3.1: with a change its MODSEQ is told; with QRESYNC the UID as well (§3.2.4).
        if (wasMarked && session.TellsUid(isAsked: false) && command.Items.All(item => item.Kind != FetchKind.Uid))
        {
            output.Text(" UID ").Number(message.Uid.Value);
        }

        if (wasMarked && session.Enabled.HasFlag(Extensions.Condstore)
            && command.Items.All(item => item.Kind != FetchKind.ModSeq))
        {
            output.Text(" MODSEQ (").Number(message.ModSeq).Text(")");
            selected.NoteTold(message.ModSeq);
        }

        output.Line(")");
        _marksTold += wasMarked ? 1 : 0;
        if (output.Pending > ImapSession.MaxPending)
        {
            yield return SessionEffect.Flush.Instance;
            session.Got(out EffectAnswer.Done _);
        }
    }

    private void TellSection(FetchItem item, ReadOnlyMemory<byte> octets)
    {
        if (item.Section!.IsFields)
        {
            octets = HeaderFilter.Apply(octets.Span, item.Section);
            if (item.Partial is { } part)
            {
                var skipped = (int)Math.Min(part.First, octets.Length);
                octets = octets.Slice(skipped, (int)Math.Min(part.Count, octets.Length - skipped));
            }
        }

        session.Out.LiteralHeader(octets.Length).WithoutNul(octets.Span);
    }

    private void Tell(FetchKind kind, FetchedMessage message, MessageStructure? structure)
    {
        var output = session.Out;
        if (kind == FetchKind.ModSeq)
        {
            selected.NoteTold(message.ModSeq);
        }

        _ = kind switch
        {
            FetchKind.Flags => output.Text("FLAGS ").Flags(message.Flags, message.Keywords),
            FetchKind.Uid => output.Text("UID ").Number(message.Uid.Value),
            FetchKind.InternalDate => output.Text("INTERNALDATE ").DateTime(message.InternalDate),
            FetchKind.Size => output.Text("RFC822.SIZE ").Number(message.Size),
            FetchKind.Envelope => output.Text("ENVELOPE ").Envelope(structure!.Envelope),
            FetchKind.Body => output.Text("BODY ").Structure(structure!.Root, isExtended: false),
            FetchKind.BodyStructure => output.Text("BODYSTRUCTURE ").Structure(structure!.Root, isExtended: true),
            FetchKind.ModSeq => output.Text("MODSEQ (").Number(message.ModSeq).Text(")"),
            FetchKind.SaveDate => output.Text("SAVEDATE ").DateTime(message.SaveDate),
            FetchKind.EmailId => output.Text("EMAILID (M").Text(message.Body.ToString()).Text(")"),
            FetchKind.ThreadId => output.Text("THREADID NIL"), // RFC 8474 §5.2
            FetchKind.Preview => output.Text("PREVIEW ").String(structure!.Preview),
            _ => output,
        };
    }

    private IEnumerable<MessageSlice> SmallSlices(FetchedMessage message, MessageStructure? structure)
    {
        if (!_columns.HasFlag(FetchColumns.Prefix))
        {
            yield break;
        }

        var layout = new MessageLayout(message, structure);
        foreach (var item in command.Items)
        {
            if (item.IsSection && SliceOf(item, layout) is { } slice && IsSmall(item, slice))
            {
                yield return slice;
            }
        }
    }

    /// <summary>A header is read for its fields at once.</summary>
    private static bool IsSmall(FetchItem item, MessageSlice slice) => slice.Length <= LargestRead || item.Section!.IsFields;

    private static MessageSlice? SliceOf(FetchItem item, MessageLayout layout) =>
        layout.Find(
            item.Section!,
            item.Section!.IsFields ? new PartialRange(0, LargestHeader) : item.IsBinary ? null : item.Partial);
}
