using Akka.Event;
using MailCluster.Actors.Mailboxes;
using MailCluster.Imap.Sessions;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;

namespace MailCluster.Actors.Connections.Imap;

/// <summary>What is asked of Mailbox actors, and heard from them.</summary>
public sealed partial class ImapConnectionActor
{
    private void OnNotice(MailboxNotice notice)
    {
        if (notice.ModSeq == 0)
        {
            _session.NoteUnknown();
        }
        else
        {
            _session.Note(notice.Folder, notice.ModSeq);
        }

        _noticed = true;
        RunIfNoticed();
    }

    /// <summary>
    /// RFC 9051 §6.3.13, RFC 5465 §3.1: at once where the client idles, or asked for it; else with its next command.
    /// </summary>
    private void RunIfNoticed()
    {
        if (_noticed && _session.TellsAtOnce && !_working && IsQuiet)
        {
            Run();
        }
    }

    private void Ask(SessionEffect.Change change)
    {
        var owner = OwnerOf(change.Owner);
        var request = ++_requests;
        IWithAccount message = owner == Account && !change.What.NeedsAsker
            ? new ChangeMailbox(owner, request, change.What)
            : new ChangeMailboxAs(owner, Account, request, change.What);
        _asking = new MailboxAsk(message, request, change.What, _services.Time.GetTimestamp());
        if (change.What.MayBeRepeated)
        {
            Send(_asking);
        }
        else
        {
            // Else nobody would tell that the node was lost which it went to, and the client would wait for the time-out.
            Watched(change, owner);
        }
    }

    private void Send(MailboxAsk asking)
    {
        _services.MailboxRegion.Tell(asking.Message, Self);
        StartRetry();
    }

    private bool BringsBodies => _asking?.Change is MailboxChange.Append or MailboxChange.Replace;

    private void OnChanged(EffectAnswer answer)
    {
        // Without an answer nobody knows whether the mailbox has them.
        var bodies = BringsBodies ? _spooler.Take() : [];
        _asking = null;
        GoOn(answer);
        if (answer is EffectAnswer.Changed && bodies.Count > 0)
        {
            _ = LetGoAsync(bodies); // behind the answer: that the spool knows so is no matter of the client's
        }
    }

    private async Task LetGoAsync(IReadOnlyCollection<BodyId> bodies)
    {
        try
        {
            await _spooler.ReleaseAsync(bodies);
        }
        catch (Exception bug)
        {
            Log.Error(bug, "IMAP session {SessionId}: bodies could not be released", _peer.SessionId);
        }
    }

    private void AskAgain()
    {
        var now = _services.Time.GetTimestamp();
        if (_asking is { } asking)
        {
            if (_services.Time.GetElapsedTime(asking.Since, now) >= _services.AskTimeout)
            {
                _opening = null;
                OnChanged(EffectAnswer.StoreFailed.Instance);
                return;
            }

            if (asking.Change.MayBeRepeated)
            {
                _services.MailboxRegion.Tell(asking.Message, Self);
            }
            else if (_opening is not null)
            {
                WatchAgain();
            }

            StartRetry();
        }
        else if (_opening is not null && _services.Time.GetElapsedTime(_openingSince, now) >= _services.AskTimeout)
        {
            _opening = null;
            GoOn(EffectAnswer.StoreFailed.Instance);
        }
        else
        {
            WatchAgain();
        }
    }

    private void StartRetry() => Timers.StartSingleTimer(AskRetryDue.Instance, AskRetryDue.Instance, _services.AskRetry);

    /// <summary>A change that the Mailbox has not answered yet.</summary>
    private sealed record MailboxAsk(IWithAccount Message, long Request, MailboxChange Change, long Since);

    /// <summary>To itself: the Mailbox has not answered yet.</summary>
    private sealed class AskRetryDue : IDeadLetterSuppression
    {
        public static readonly AskRetryDue Instance = new();
    }
}
