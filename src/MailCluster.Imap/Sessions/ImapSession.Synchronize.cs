using System.Collections.Immutable;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Sessions;

/// <summary>
/// Tells the client what changed in its mailbox (RFC 9051 §7.5.1). What changed is read from the store, and a notice says
/// only that there is something to read: so a notice that is lost or comes twice does no harm.
/// </summary>
public sealed partial class ImapSession
{
    /// <summary>Messages in one answer of the store.</summary>
    internal const int PageSize = 1_000;

    /// <summary>The same with what is computed of them, which may be a thousand times as large.</summary>
    internal const int StructurePageSize = 100;

    internal IEnumerable<SessionEffect> Synchronize(bool mayTellExpunged, bool looks)
    {
        if (Selected is not { } selected || _closing || EventsOfSelected == NotifyEvents.None)
        {
            yield break;
        }

        if (selected.HasNews || looks)
        {
            selected.MustLook = false;
            yield return new SessionEffect.ReadNews(selected.Folder.Id, selected.KnownModSeq) { Owner = selected.Owner };
            if (_answer is not EffectAnswer.News read)
            {
                selected.MustLook = true; // next time
                yield break;
            }

            if (read.What is not { } news)
            {
                Bye("The mailbox is gone");
                yield break;
            }

            TellRights(selected, news.Folder.Rights);
            if (_closing)
            {
                yield break;
            }

            foreach (var effect in TellNews(selected, news))
            {
                yield return effect;
            }
        }

        foreach (var effect in UpdateContexts(selected))
        {
            yield return effect;
        }

        if (mayTellExpunged && !selected.Unannounced.IsEmpty)
        {
            TellExpunged(selected, selected.Unannounced);
            selected.Unannounced = UidSet.Empty;
        }
    }

    /// <summary>In IDLE: looks again where a notice came while it looked, for no other may come.</summary>
    internal IEnumerable<SessionEffect> SynchronizeIdle(bool looks)
    {
        for (int? notices = null; !_closing && Selected is { } selected && (notices is null || notices != selected.Notices);)
        {
            notices = selected.Notices;
            foreach (var effect in Synchronize(mayTellExpunged: true, looks))
            {
                yield return effect;
            }
        }
    }

    /// <summary>
    /// RFC 7162 §3.2: a client must not take for its own a MODSEQ before which it missed something. It goes by the code of
    /// a tagged response, or by the highest that it heard since the one before (§6).
    /// </summary>
    private CommandResult WithSafeModSeq(CommandResult result)
    {
        if (Selected is not { } selected || !Enabled.HasFlag(Extensions.Qresync))
        {
            return result;
        }

        var holdsBack = selected.MustHoldBack();
        if (result.Code == HighestModSeqCode)
        {
            return result with { Code = $"{HighestModSeqCode} {selected.SafeModSeq}" };
        }

        if (holdsBack)
        {
            Out.Text("* OK [HIGHESTMODSEQ ").Number(selected.SafeModSeq).Line("] More is to be told");
        }

        return result;
    }

    /// <summary>Of a tagged OK: the value is put behind it when all is told that the client may hear.</summary>
    internal const string HighestModSeqCode = "HIGHESTMODSEQ";

    internal void TellExpunged(SelectedFolder selected, UidSet uids)
    {
        selected.Saved = selected.Saved.Except(uids);
        RemoveFromContexts(selected, uids);
        if (Enabled.HasFlag(Extensions.Qresync) || IsUidOnly)
        {
            var known = uids.Intersect(selected.Numbers.Uids);
            selected.Numbers.Remove(known);
            if (!known.IsEmpty)
            {
                Out.Text("* VANISHED ").Uids(known).Line(); // RFC 7162 §3.2.10
            }

            return;
        }

        foreach (var number in selected.Numbers.Remove(uids))
        {
            Out.Text("* ").Number(number).Line(" EXPUNGE");
        }
    }

    private IEnumerable<SessionEffect> TellNews(SelectedFolder selected, FolderNews news)
    {
        var hasNewKeywords = news.Folder.Keywords.Except(selected.Folder.Keywords, StringComparer.OrdinalIgnoreCase).Any();
        var gone = news.Expunged.IsForgotten
            ? selected.Numbers.Uids.Except(news.Changed) // the store no longer knows: all that might be gone is looked at below
            : news.Expunged.Uids;
        if (news.Expunged.IsForgotten)
        {
            yield return new SessionEffect.FindUids(selected.Folder.Id, new MessageCriteria { Uids = gone });
            if (_answer is not EffectAnswer.Uids still)
            {
                selected.MustLook = true;
                yield break;
            }

            gone = gone.Except(still.Set);
        }

        gone = gone.Intersect(selected.Numbers.Uids);
        if (selected.Unannounced.IsEmpty && !gone.IsEmpty)
        {
            selected.HeldModSeq = selected.KnownModSeq;
        }

        selected.Unannounced = selected.Unannounced.Union(gone);
        var arrived = news.Changed.Except(selected.Numbers.Uids);
        if (selected.Numbers.Add(arrived) > 0)
        {
            Out.Text("* ").Number(selected.Numbers.Count).Line(" EXISTS");
        }

        selected.Folder = news.Folder;
        ToldAll = true;
        if (EventsOfSelected.HasFlag(NotifyEvents.FlagChange))
        {
            if (hasNewKeywords)
            {
                TellFlags(news.Folder);
            }

            foreach (var effect in TellFlagsOf(selected, news.Changed.Except(arrived)))
            {
                yield return effect;
            }
        }

        if (ToldAll)
        {
            selected.KnownModSeq = news.Folder.HighestModSeq;
        }
        else
        {
            selected.MustLook = true;
        }

        foreach (var effect in TellArrived(selected, arrived))
        {
            yield return effect;
        }
    }

    internal IEnumerable<SessionEffect> TellFlagsOf(SelectedFolder selected, UidSet changed)
    {
        var after = default(Uid);
        ToldAll = changed.IsEmpty;
        while (!ToldAll)
        {
            yield return new SessionEffect.Fetch(selected.Folder.Id, changed, FetchColumns.Flags, after, PageSize);
            if (_answer is not EffectAnswer.Messages messages)
            {
                yield break;
            }

            foreach (var message in messages.Page)
            {
                // RFC 5465 §5.1: with NOTIFY the UID comes, too.
                TellFlags(
                    selected, message.Uid, message.Flags, message.Keywords, message.ModSeq, withUid: Notify is not null);
            }

            ToldAll = messages.Page.Length < PageSize;
            after = ToldAll ? after : messages.Page[^1].Uid;
        }
    }

    /// <summary>After <see cref="TellFlagsOf"/>: false where the store failed before its end.</summary>
    internal bool ToldAll { get; private set; }

    /// <summary>One message's flags, unasked or after a STORE; nothing where the client does not know the message.</summary>
    internal void TellFlags(
        SelectedFolder selected, Uid uid, MessageFlags flags, ImmutableArray<string> keywords,
        long modseq, bool withUid)
    {
        if (selected.Numbers.NumberOf(uid) is not (> 0 and var number))
        {
            return;
        }

        BeginFetch(number, uid);
        if (TellsUid(withUid))
        {
            Out.Text("UID ").Number(uid.Value).Text(" ");
        }

        if (Enabled.HasFlag(Extensions.Condstore))
        {
            Out.Text("MODSEQ (").Number(modseq).Text(") ");
            selected.NoteTold(modseq);
        }

        Out.Text("FLAGS ").Flags(flags, keywords).Line(")");
    }

    internal void TellFlags(Folder folder)
    {
        Out.Text("* FLAGS ").Flags(AllFlags, folder.Keywords).Line();
    }

    internal const MessageFlags AllFlags = MessageFlags.Answered | MessageFlags.Flagged | MessageFlags.Deleted
        | MessageFlags.Seen | MessageFlags.Draft | MessageFlags.Forwarded | MessageFlags.MdnSent | MessageFlags.Junk
        | MessageFlags.NotJunk | MessageFlags.Phishing;
}
