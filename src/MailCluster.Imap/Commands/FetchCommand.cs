using System.Collections.Immutable;
using MailCluster.Imap.Sessions;
using MailCluster.Imap.Syntax;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Commands;

/// <summary>FETCH, UID FETCH (RFC 9051 §6.4.5), with CHANGEDSINCE and VANISHED (RFC 7162 §3.1.4.1, §3.2.6), PARTIAL (RFC 9394 §3.3).</summary>
internal sealed record FetchCommand(
    NumberSet Messages, ImmutableArray<FetchItem> Items, long? ChangedSince, bool Vanished, bool IsUid) : ImapCommand
{
    private const int MaxItems = 100;

    /// <summary>Of the messages that are named, before CHANGEDSINCE leaves any out (RFC 9394 §3.4).</summary>
    public ResultRange? Part { get; init; }

    /// <summary>The client did not ask for the UID: it comes first, unless the response begins with it (RFC 9586 §3.3).</summary>
    public bool IsUidImplied { get; private init; }

    public override bool MayTellExpunged => IsUid;

    public override bool UsesSequenceNumbers => !IsUid;

    public static ImapCommand Parse(ref SyntaxReader reader) => Parse(ref reader, isUid: false);

    public static ImapCommand ParseUid(ref SyntaxReader reader) => Parse(ref reader, isUid: true);

    public override IEnumerable<SessionEffect> Run(ImapSession session)
    {
        var selected = session.Selected!;
        if (Vanished && (!IsUid || ChangedSince is null || !session.Enabled.HasFlag(Extensions.Qresync)))
        {
            session.Bad("VANISHED needs UID FETCH, CHANGEDSINCE, and QRESYNC enabled");
            yield break;
        }

        if (selected.Resolve(Messages, IsUid) is not { } uids)
        {
            session.Bad("No such message sequence number");
            yield break;
        }

        if (Part is { } range)
        {
            var named = new MessageNumbers(uids);
            uids = range.Of(named.Count) is { } part ? UidSet.Of(named.UidsOf(part.First, part.Last)) : UidSet.Empty;
        }

        if (ChangedSince is not null || Items.Any(item => item.Kind == FetchKind.ModSeq))
        {
            session.Enabled |= Extensions.Condstore; // RFC 7162 §3.1
        }

        if (ChangedSince is { } since)
        {
            foreach (var effect in Narrow(session, selected, since))
            {
                yield return effect;
            }

            if (selected.Narrowed is null)
            {
                yield break;
            }

            uids = uids.Intersect(selected.Narrowed);
        }

        foreach (var effect in new FetchRun(session, selected, this).Pages(uids))
        {
            yield return effect;
        }
    }

    private static FetchCommand Parse(ref SyntaxReader reader, bool isUid)
    {
        reader.Space();
        var set = reader.SequenceSet();
        reader.Space();
        var items = Macro(ref reader)
            ?? (reader.IsNext('(') ? reader.List(FetchItem.Parse, MaxItems) : [FetchItem.Parse(ref reader)]);
        long? changedSince = null;
        var vanished = false;
        ResultRange? part = null;
        if (reader.Try(' '))
        {
            reader.Expect('(');
            do
            {
                if (reader.TryWord("CHANGEDSINCE"))
                {
                    reader.Space();
                    changedSince = reader.Number64();
                }
                else if (reader.TryWord("VANISHED"))
                {
                    vanished = true;
                }
                else if (isUid && part is null && reader.TryWord("PARTIAL"))
                {
                    reader.Space();
                    part = reader.ResultRange();
                }
                else
                {
                    reader.Fail(isUid ? "CHANGEDSINCE, PARTIAL or VANISHED" : "CHANGEDSINCE");
                }
            }
            while (reader.Try(' '));
            reader.Expect(')');
        }

        return new FetchCommand(set, WithImplied(items, isUid, changedSince), changedSince, vanished, isUid)
        {
            Part = part,
            IsUidImplied = isUid && items.All(item => item.Kind != FetchKind.Uid),
        };
    }

    /// <summary>A UID FETCH always tells the UID; CHANGEDSINCE always the MODSEQ (RFC 7162 §3.1.4.1).</summary>
    private static ImmutableArray<FetchItem> WithImplied(ImmutableArray<FetchItem> items, bool isUid, long? changedSince)
    {
        if (changedSince is not null && items.All(item => item.Kind != FetchKind.ModSeq))
        {
            items = items.Insert(0, new FetchItem(FetchKind.ModSeq));
        }

        return isUid && items.All(item => item.Kind != FetchKind.Uid) ? items.Insert(0, new FetchItem(FetchKind.Uid)) : items;
    }

    private static ImmutableArray<FetchItem>? Macro(ref SyntaxReader reader)
    {
        FetchKind[]? kinds =
            reader.TryWord("ALL") ? [FetchKind.Flags, FetchKind.InternalDate, FetchKind.Size, FetchKind.Envelope]
            : reader.TryWord("FAST") ? [FetchKind.Flags, FetchKind.InternalDate, FetchKind.Size]
            : reader.TryWord("FULL")
                ? [FetchKind.Flags, FetchKind.InternalDate, FetchKind.Size, FetchKind.Envelope, FetchKind.Body]
            : null;
        return kinds is null ? null : [.. kinds.Select(kind => new FetchItem(kind))];
    }

    private IEnumerable<SessionEffect> Narrow(ImapSession session, SelectedFolder selected, long since)
    {
        selected.Narrowed = null;
        if (Vanished)
        {
            yield return new SessionEffect.ReadExpunged(selected.Folder.Id, since);
            if (!session.Got(out EffectAnswer.Expunged expunged))
            {
                yield break;
            }

            var asked = Messages.ToUids(selected.Folder.UidNext.Value - 1);
            var gone = expunged.What.IsForgotten
                ? asked.Intersect(UidSet.Of(new UidRange(new Uid(1), new Uid(Math.Max(1, selected.Folder.UidNext.Value - 1)))))
                : asked.Intersect(expunged.What.Uids);
            gone = gone.Except(selected.Numbers.Uids);
            if (!gone.IsEmpty)
            {
                session.Out.Text("* VANISHED (EARLIER) ").Uids(gone).Line();
            }
        }

        yield return new SessionEffect.FindUids(selected.Folder.Id, new MessageCriteria { ChangedSince = since });
        if (session.Got(out EffectAnswer.Uids changed))
        {
            selected.Narrowed = changed.Set;
        }
    }
}
