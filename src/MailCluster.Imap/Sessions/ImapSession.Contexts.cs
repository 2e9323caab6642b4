using MailCluster.Imap.Commands;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Sessions;

/// <summary>Tells the client what changes in the results that it keeps (RFC 5267 §4.3).</summary>
public sealed partial class ImapSession
{
    /// <summary>The result is told: from now on its changes are, or the client hears that they are not.</summary>
    internal void OpenContext(SelectedFolder selected, SearchContext context)
    {
        if (selected.Contexts.Count >= Options.MaxContexts)
        {
            RefuseUpdates(context.Tag, "Too many contexts");
        }
        else if (Math.Max(context.Order.Count, context.Found.Ranges.Length) > Options.MaxContextSize)
        {
            RefuseUpdates(context.Tag, "Too many messages");
        }
        else
        {
            // What came since then is looked at once more, which does no harm.
            selected.ContextModSeq = selected.Contexts.Count == 0 ? selected.KnownModSeq : selected.ContextModSeq;
            selected.Contexts.Add(context);
        }
    }

    /// <summary>RFC 5267 §4.3.1.</summary>
    private void RefuseUpdates(string tag, string text) => Out.Text("* NO [NOUPDATE \"").Text(tag).Text("\"] ").Line(text);

    /// <summary>
    /// All that changed, by whomever, up to what the client has been told. Where the store fails it is done the next time.
    /// </summary>
    private IEnumerable<SessionEffect> UpdateContexts(SelectedFolder selected)
    {
        var upTo = selected.KnownModSeq;
        if (selected.Contexts.Count == 0 || selected.ContextModSeq >= upTo)
        {
            yield break;
        }

        yield return new SessionEffect.ReadNews(selected.Folder.Id, selected.ContextModSeq);
        if (_answer is not EffectAnswer.News { What: { } news })
        {
            yield break;
        }

        var result = _result; // of the command under way
        var changed = news.Changed.Intersect(selected.Numbers.Uids);
        var isWhole = true;
        foreach (var context in selected.Contexts.ToList())
        {
            _result = new CommandResult("OK", "Done");
            foreach (var effect in new ContextUpdate(this, selected, context).Run(changed))
            {
                yield return effect;
            }

            if (HasFailed && _result.Code == "LIMIT")
            {
                selected.Contexts.Remove(context);
                RefuseUpdates(context.Tag, "Too many messages");
            }
            else
            {
                isWhole &= !HasFailed;
            }
        }

        _result = result;
        selected.ContextModSeq = isWhole ? upTo : selected.ContextModSeq;
    }

    /// <summary>RFC 5267 §4.3.4: before the client hears that they are expunged.</summary>
    private void RemoveFromContexts(SelectedFolder selected, UidSet gone)
    {
        foreach (var context in selected.Contexts)
        {
            foreach (var _ in new ContextUpdate(this, selected, context).Removing(gone))
            {
                // As the EXPUNGE responses themselves, it is sent when all is written.
            }
        }
    }
}
