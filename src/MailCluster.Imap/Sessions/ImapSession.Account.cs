using MailCluster.Mail.Mailboxes;

namespace MailCluster.Imap.Sessions;

/// <summary>
/// Tells the client what changed in its account beside the selected mailbox. As with <see cref="Synchronize"/> the store is
/// read, and a notice only says that there is something to read.
/// </summary>
public sealed partial class ImapSession
{
    internal AccountWatch? Watch { get; private set; }

    /// <summary>From here on nothing is missed. The command has failed where it is still not so afterwards.</summary>
    internal IEnumerable<SessionEffect> BeginWatch()
    {
        if (Watch is not null)
        {
            yield break;
        }

        yield return SessionEffect.WatchAccount.Instance;
        if (!Got(out EffectAnswer.Done _))
        {
            yield break;
        }

        yield return new SessionEffect.ReadAnnotationNews(long.MaxValue);
        if (Got(out EffectAnswer.AnnotationsChanged now))
        {
            Watch = new AccountWatch(now.What.ModSeq);
        }
    }

    internal IEnumerable<SessionEffect> TellAccount(bool looks)
    {
        if (Watch is not { } watch || _closing || !(looks || watch.MustLook))
        {
            yield break;
        }

        watch.MustLook = false;
        AnnotationNews? news = null;
        if (WantsEntries)
        {
            yield return new SessionEffect.ReadAnnotationNews(watch.AnnotationModSeq);
            if (_answer is not EffectAnswer.AnnotationsChanged read)
            {
                watch.MustLook = true; // next time
                yield break;
            }

            news = read.What;
        }

        var snapshot = Notify is { WantsFolders: true } ? watch.Folders : null;
        if (snapshot is null && news is null or { Changed.IsEmpty: true })
        {
            yield break;
        }

        yield return SessionEffect.ListFolders.Instance;
        if (_answer is not EffectAnswer.Folders folders)
        {
            watch.MustLook = true;
            yield break;
        }

        if (snapshot is not null)
        {
            foreach (var effect in TellFolders(snapshot, folders.List))
            {
                yield return effect;
            }
        }

        if (news is not null)
        {
            TellAnnotations(folders.List, watch.Take(news));
        }
    }

    private void LookAtAccount()
    {
        if (Watch is { } watch)
        {
            watch.MustLook = true;
        }
    }

    private void TellAnnotations(FolderList list, List<ChangedAnnotation> changed)
    {
        foreach (var group in changed.GroupBy(one => one.Folder))
        {
            var folder = list.Folders.FirstOrDefault(one => one.Id == group.Key);
            if (Wants(list, folder))
            {
                TellChangedEntries(folder, group);
            }
        }
    }

    /// <summary>With NOTIFY it says what is wanted, whatever was enabled (RFC 5465 §5.6, §5.7).</summary>
    private bool Wants(FolderList list, Folder? folder) => Notify is not { } notify
        || (folder is null
            ? notify.WantsServerEntries
            : notify.EventsOf(folder.Name, list.Subscribed.Contains(folder.Name))
                .HasFlag(NotifyEvents.MailboxMetadataChange));

    /// <summary>RFC 5464 §4.4.2: names alone. Those of a folder that is gone meanwhile are gone with it.</summary>
    private void TellChangedEntries(Folder? folder, IGrouping<FolderId, ChangedAnnotation> changed)
    {
        if (folder is null && changed.Key != default)
        {
            return;
        }

        Out.Text("* METADATA ").MailboxOrServer(folder?.Name);
        foreach (var entry in changed)
        {
            Out.Text(" ").Entry(entry.Name);
        }

        Out.Line();
    }
}
