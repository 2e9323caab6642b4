using MailCluster.Imap.Sessions;
using MailCluster.Mail.Mailboxes;
using MailCluster.Mail.Structure;

namespace MailCluster.Imap.Commands;

/// <summary>Goes through messages for what SORT, THREAD and some conditions of SEARCH need of each.</summary>
internal sealed class KeyReader(ImapSession session, SelectedFolder selected, CommandProgress progress)
{
    /// <summary>Messages in one answer of the store; with each comes its structure, which may be large.</summary>
    public const int PageSize = 250;

    /// <summary>Page by page, in the order of the mailbox; messages that are gone meanwhile are left out.</summary>
    /// <param name="uids">Which.</param>
    /// <param name="needsStructure">Else the keys are empty.</param>
    /// <param name="take">False where no more is wanted.</param>
    public IEnumerable<SessionEffect> Read(
        UidSet uids, bool needsStructure, Func<FetchedMessage, MessageSortKeys, bool> take)
    {
        var columns = needsStructure ? FetchColumns.Structure : FetchColumns.Short;
        var limit = needsStructure ? PageSize : ImapSession.PageSize;
        progress.Begin(uids.Count);
        for (var after = default(Uid); !uids.IsEmpty;)
        {
            yield return new SessionEffect.Fetch(selected.Folder.Id, uids, columns, after, limit);
            if (!session.Got(out EffectAnswer.Messages messages))
            {
                yield break;
            }

            foreach (var message in messages.Page)
            {
                var keys = needsStructure
                    ? message.Structure is null ? null : StructureFormat.ReadSortKeys(message.Structure)
                    : MessageSortKeys.Empty;
                if (keys is null)
                {
                    yield return new SessionEffect.ReadStructure(message.Body);
                    if (!session.Got(out EffectAnswer.Structure computed))
                    {
                        yield break;
                    }

                    keys = computed.Of?.SortKeys;
                }

                if (keys is not null && !take(message, keys))
                {
                    yield break;
                }
            }

            if (progress.Add(messages.Page.Length))
            {
                yield return SessionEffect.Flush.Instance;
                session.Got(out EffectAnswer.Done _);
            }

            if (messages.Page.Length < limit)
            {
                yield break;
            }

            after = messages.Page[^1].Uid;
        }
    }
}
