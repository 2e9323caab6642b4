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
        if (Selected is not { } selected || _closing)
        {
            yield break;
        }

        if (selected.HasNews || looks)
        {
            selected.MustLook = false;
            yield return new SessionEffect.ReadNews(selected.Folder.Id, selected.KnownModSeq);
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

            foreach (var effect in TellNews(selected, news))
            {
                yield return effect;
            }
        }

        if (mayTellExpunged && !selected.Unannounced.IsEmpty)
        {
            TellExpunged(selected, selected.Unannounced);
            selected.Unannounced = UidSet.Empty;
        }
    }

    internal void TellExpunged(SelectedFolder selected, UidSet uids)
    {
        selected.Saved = selected.Saved.Except(uids);
        if (Enabled.HasFlag(Extensions.Qresync))
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

        selected.Unannounced = selected.Unannounced.Union(gone.Intersect(selected.Numbers.Uids));
        var arrived = news.Changed.Except(selected.Numbers.Uids);
        if (selected.Numbers.Add(arrived) > 0)
        {
            Out.Text("* ").Number(selected.Numbers.Count).Line(" EXISTS");
        }

        selected.Folder = news.Folder;
        if (hasNewKeywords)
        {
            TellFlags(news.Folder);
        }

        foreach (var effect in TellFlagsOf(selected, news.Changed.Except(arrived)))
        {
            yield return effect;
        }

        selected.KnownModSeq = news.Folder.HighestModSeq;
    }

    internal IEnumerable<SessionEffect> TellFlagsOf(SelectedFolder selected, UidSet changed)
    {
        var after = default(Uid);
        while (!changed.IsEmpty)
        {
            yield return new SessionEffect.Fetch(selected.Folder.Id, changed, FetchColumns.Short, after, PageSize);
            if (_answer is not EffectAnswer.Messages messages)
            {
                yield break;
            }

            foreach (var message in messages.Page)
            {
                TellFlags(selected, message.Uid, message.Flags, message.Keywords, message.ModSeq, withUid: false);
            }

            if (messages.Page.Length < PageSize)
            {
                yield break;
            }

            after = messages.Page[^1].Uid;
        }
    }

    /// <summary>One message's flags, unasked or after a STORE; nothing where the client does not know the message.</summary>
    internal void TellFlags(
        SelectedFolder selected, Uid uid, MessageFlags flags, ImmutableArray<string> keywords,
        long modseq, bool withUid)
    {
        if (selected.Numbers.NumberOf(uid) is not (> 0 and var number))
        {
            return;
        }

        Out.Text("* ").Number(number).Text(" FETCH (");
        if (withUid || Enabled.HasFlag(Extensions.Qresync))
        {
            Out.Text("UID ").Number(uid.Value).Text(" ");
        }

        if (Enabled.HasFlag(Extensions.Condstore))
        {
            Out.Text("MODSEQ (").Number(modseq).Text(") ");
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
