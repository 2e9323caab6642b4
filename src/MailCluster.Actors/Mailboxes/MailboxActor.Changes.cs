using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Actors.Mailboxes;

/// <summary>What IMAP changes, one change at a time, and who is told of it.</summary>
public sealed partial class MailboxActor
{
    /// <summary>Changes that wait; beyond, the connection hears at once that it must try later.</summary>
    private const int MaxWaitingChanges = 1_000;

    /// <summary>Asked for by nobody where it is the owner's.</summary>
    private readonly Queue<Waiting<ChangeMailboxAs>> _changes = new();
    private readonly HashSet<(IActorRef ReplyTo, long Request)> _inHand = [];
    private readonly HashSet<IActorRef> _watchers = [];

    /// <summary>
    /// Who asks again before the answer is there has it once: done a second time behind somebody else's change it would undo
    /// that. After a fail-over all that was asked meanwhile comes at once, repeats included.
    /// </summary>
    private void OnChange(ChangeMailboxAs change)
    {
        if (_changes.Count >= MaxWaitingChanges)
        {
            Sender.Tell(new MailboxChangeFailed(change.Request));
            return;
        }

        if (_inHand.Add((Sender, change.Request)))
        {
            _changes.Enqueue(new Waiting<ChangeMailboxAs>(change, Sender));
            WriteNext();
        }
    }

    private async Task<ChangeWritten> ChangeAsync(Waiting<ChangeMailboxAs> waiting)
    {
        try
        {
            var (_, asker, _, change) = waiting.Message;
            var result = asker == default ? await WriteAsync(change) : await _folders.ChangeAsAsync(_account, asker, change, default);
            return new ChangeWritten(waiting, result, null);
        }
        catch (Exception trouble)
        {
            // Whatever it was: who waits must hear of it, and the next write must be tried.
            return new ChangeWritten(waiting, null, trouble);
        }
    }

    private async Task<ChangeResult> WriteAsync(MailboxChange change) => change switch
    {
        MailboxChange.CreateFolder c => await _folders.CreateFolderAsync(_account, c.Name, c.SpecialUse, default),
        MailboxChange.DeleteFolder c => await _folders.DeleteFolderAsync(_account, c.Name, default),
        MailboxChange.RenameFolder c => await _folders.RenameFolderAsync(_account, c.From, c.To, default),
        MailboxChange.Subscribe c => await SubscribeAsync(c),
        MailboxChange.Append c => await _folders.AppendAsync(_account, c.Folder, c.Entries, default),
        MailboxChange.Import c => await _folders.ImportAsync(_account, c.Folder, c.Entry, c.Key, default),
        MailboxChange.Replace c => await _folders.ReplaceAsync(_account, c.From, c.Uid, c.To, c.Entry, default),
        MailboxChange.StoreFlags c => await _folders.StoreFlagsAsync(_account, c.Folder, c.Uids, c.Change, default),
        MailboxChange.Copy c => await _folders.CopyAsync(_account, c.From, c.Uids, c.To, default),
        MailboxChange.Move c => await _folders.MoveAsync(_account, c.From, c.Uids, c.To, default),
        MailboxChange.Expunge c => await _folders.ExpungeAsync(_account, c.Folder, c.Uids, default),
        MailboxChange.Annotate c => await _folders.AnnotateAsync(_account, c.Folder, c.Entries, default),
        _ => throw new NotSupportedException($"{change.GetType()} is of a newer version of this program."),
    };

    private async Task<ChangeResult> SubscribeAsync(MailboxChange.Subscribe change) => new FolderChange(
        await _folders.SubscribeAsync(_account, change.Name, change.Subscribed, default)
            ? FolderOutcome.Done
            : FolderOutcome.NotAllowed);

    private void OnChangeWritten(ChangeWritten written)
    {
        _writing = false;
        var request = written.Waiting.Message.Request;
        _inHand.Remove((written.Waiting.ReplyTo, request));
        if (written.Result is { } result)
        {
            NoteBodies(written.Waiting.Message.Change, result);
            TellWatchers(written.Waiting.Message.Change, result);
            written.Waiting.ReplyTo.Tell(new MailboxChanged(request, result));
        }
        else
        {
            _log.Error(
                written.Trouble, "Mailbox {Account}: {Change} not done", _account, written.Waiting.Message.Change.GetType().Name);
            written.Waiting.ReplyTo.Tell(new MailboxChangeFailed(request));
        }

        WriteNext();
    }

    private void NoteBodies(MailboxChange change, ChangeResult result)
    {
        if (result.Outcome != FolderOutcome.Done)
        {
            return;
        }

        ImmutableArray<AppendEntry> came = change switch
        {
            MailboxChange.Append append => append.Entries,
            MailboxChange.Import import => [import.Entry],
            MailboxChange.Replace replace => [replace.Entry],
            _ => [],
        };
        foreach (var entry in came)
        {
            _stored(entry.Body);
        }
    }

    private void TellWatchers(MailboxChange change, ChangeResult result)
    {
        switch (change, result)
        {
            case (_, AppendResult { ModSeq: > 0 } appended):
                TellWatchers(appended.Folder, appended.ModSeq);
                break;
            case (MailboxChange.StoreFlags store, FlagsResult { ModSeq: > 0 } stored):
                TellWatchers(store.Folder, stored.ModSeq);
                break;
            case (MailboxChange.Expunge expunge, ExpungeResult { ModSeq: > 0 } expunged):
                TellWatchers(expunge.Folder, expunged.ModSeq);
                break;
            case (MailboxChange.Replace replace, ReplaceResult { Appended: { } added, Expunged: { } gone }):
                TellWatchers(added.Folder, added.ModSeq);
                TellWatchers(replace.From, gone.ModSeq);
                break;
            case (_, CopyResult { ToModSeq: > 0 } copied):
                TellWatchers(copied.Folder, copied.ToModSeq);
                if (change is MailboxChange.Move move)
                {
                    TellWatchers(move.From, copied.FromModSeq);
                }

                break;
            case (MailboxChange.Remove remove, ExpungeResult { ModSeq: > 0 } removed):
                TellWatchers(remove.Folder, removed.ModSeq);
                break;
            case (_, AnnotationResult { ModSeq: > 0 }):
            case (
                MailboxChange.RenameFolder or MailboxChange.DeleteFolder or MailboxChange.CreateFolder
                    or MailboxChange.Subscribe or MailboxChange.SetRights,
                { Outcome: FolderOutcome.Done }):
                TellWatchers(default, 0);
                break;
        }
    }

    private void TellWatchers(FolderId folder, long modseq)
    {
        if (_watchers.Count == 0)
        {
            return;
        }

        var notice = new MailboxNotice(_account, folder, modseq);
        foreach (var watcher in _watchers)
        {
            watcher.Tell(notice);
        }
    }

    private void OnWatch()
    {
        if (_watchers.Add(Sender))
        {
            Context.Watch(Sender);
        }

        Sender.Tell(new MailboxWatched(_account));
    }

    private void OnUnwatch(IActorRef watcher)
    {
        if (_watchers.Remove(watcher) && !watcher.Equals(_maildropOwner))
        {
            Context.Unwatch(watcher);
        }
    }

    private void OnTerminated(IActorRef gone)
    {
        _watchers.Remove(gone);
        _maildropOwner = gone.Equals(_maildropOwner) ? null : _maildropOwner;
    }

    /// <summary>To itself: a change is durable, was refused, or failed.</summary>
    private sealed record ChangeWritten(Waiting<ChangeMailboxAs> Waiting, ChangeResult? Result, Exception? Trouble);
}
