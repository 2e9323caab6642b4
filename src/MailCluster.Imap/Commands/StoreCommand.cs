using System.Collections.Immutable;
using MailCluster.Imap.Sessions;
using MailCluster.Imap.Syntax;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Commands;

/// <summary>STORE, UID STORE (RFC 9051 §6.4.6), with UNCHANGEDSINCE (RFC 7162 §3.1.3).</summary>
internal sealed record StoreCommand(
    NumberSet Messages, FlagsAction Action, bool IsSilent, ImmutableArray<string> Flags, long? UnchangedSince, bool IsUid)
    : ImapCommand
{
    public override bool MayTellExpunged => IsUid;

    public override bool UsesSequenceNumbers => !IsUid;

    public static ImapCommand Parse(ref SyntaxReader reader) => Parse(ref reader, isUid: false);

    public static ImapCommand ParseUid(ref SyntaxReader reader) => Parse(ref reader, isUid: true);

    public override IEnumerable<SessionEffect> Run(ImapSession session)
    {
        var selected = session.Selected!;
        if (!session.MayWrite())
        {
            yield break;
        }

        if (selected.Resolve(Messages, IsUid) is not { } uids)
        {
            session.Bad("No such message sequence number");
            yield break;
        }

        if (!FlagNames.TrySplit(Flags, out var flags, out var keywords, out var unknown))
        {
            session.Bad($"Unknown system flag {unknown}");
            yield break;
        }

        if (UnchangedSince is not null)
        {
            session.Enabled |= Extensions.Condstore;
        }

        var change = new FlagsChange(Action, flags, keywords, UnchangedSince ?? long.MaxValue);
        yield return selected.Change(new MailboxChange.StoreFlags(selected.Folder.Id, uids, change));
        if (!session.Succeeded(out FlagsResult? stored))
        {
            yield break;
        }

        TellNewKeywords(session, selected, stored);
        foreach (var effect in Tell(session, selected, stored))
        {
            yield return effect;
        }

        if (stored.ModSeq > 0)
        {
            selected.NoteOwn(stored.Before, stored.ModSeq);
        }

        if (!stored.Failed.IsEmpty)
        {
            var failed = stored.Failed.Intersect(selected.Numbers.Uids);
            var set = IsUid
                ? failed.ToString()
                : string.Join(',', selected.Numbers.NumbersOf(failed).Select(r => r.First == r.Last ? $"{r.First}" : $"{r.First}:{r.Last}"));
            session.Ok("Some were changed since", $"MODIFIED {set}");
        }
    }

    /// <summary>RFC 9051 §7.3.5: a keyword that the mailbox did not have is told before a message has it.</summary>
    private static void TellNewKeywords(ImapSession session, SelectedFolder selected, FlagsResult stored)
    {
        var known = selected.Folder.Keywords;
        var added = stored.Changed.SelectMany(group => group.Keywords)
            .Except(known, StringComparer.OrdinalIgnoreCase).ToImmutableArray();
        if (!added.IsEmpty)
        {
            selected.Folder = selected.Folder with { Keywords = known.AddRange(added) };
            session.TellFlags(selected.Folder);
        }
    }

    /// <summary>RFC 7162 §3.1.3: with .SILENT the MODSEQ is told all the same.</summary>
    private IEnumerable<SessionEffect> Tell(ImapSession session, SelectedFolder selected, FlagsResult stored)
    {
        var condstore = session.Enabled.HasFlag(Extensions.Condstore);
        if (IsSilent && !condstore)
        {
            yield break;
        }

        foreach (var group in stored.Changed)
        {
            foreach (var uid in group.Uids.Uids())
            {
                if (!IsSilent)
                {
                    session.TellFlags(selected, uid, group.Flags, group.Keywords, stored.ModSeq, withUid: IsUid);
                }
                else if (selected.Numbers.NumberOf(uid) is > 0 and var number)
                {
                    session.BeginFetch(number, uid)
                        .Text(session.TellsUid(IsUid) ? $"UID {uid.Value} " : "")
                        .Text("MODSEQ (").Number(stored.ModSeq).Line("))");
                    selected.NoteTold(stored.ModSeq);
                }

                if (session.Out.Pending > ImapSession.MaxPending)
                {
                    yield return SessionEffect.Flush.Instance;
                }
            }
        }
    }

    private static StoreCommand Parse(ref SyntaxReader reader, bool isUid)
    {
        reader.Space();
        var set = reader.SequenceSet();
        reader.Space();
        long? unchangedSince = null;
        if (reader.Try('('))
        {
            if (!reader.TryWord("UNCHANGEDSINCE"))
            {
                reader.Fail("UNCHANGEDSINCE");
            }

            reader.Space();
            unchangedSince = reader.Number64();
            reader.Expect(')');
            reader.Space();
        }

        var action = reader.Try('+') ? FlagsAction.Add : reader.Try('-') ? FlagsAction.Remove : FlagsAction.Replace;
        var silent = reader.TryWord("FLAGS.SILENT");
        if (!silent && !reader.TryWord("FLAGS"))
        {
            reader.Fail("FLAGS");
        }

        reader.Space();
        return new StoreCommand(set, action, silent, reader.FlagsOfStore(), unchangedSince, isUid);
    }
}
