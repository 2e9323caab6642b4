using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using MailCluster.Actors.Delivery;
using MailCluster.Actors.Mailboxes;
using MailCluster.Mail.Envelopes;
using MailCluster.Mail.Identity;
using MailCluster.Queue;
using MailCluster.Storage;
using MailCluster.Storage.Directory;

namespace MailCluster.Actors.Queue;

/// <summary>What is due goes out: attempts to Destinations and Mailboxes, notices into the spool.</summary>
public sealed partial class QueuePartitionActor
{
    /// <summary>Entries looked at in one message to itself: commands get their turn in between.</summary>
    private const int MaxPerPump = 500;

    /// <summary>A notice that could not be written is tried again so much later.</summary>
    private static readonly TimeSpan NoticeRetry = TimeSpan.FromMinutes(1);

    private void Pump()
    {
        var now = Now;
        foreach (var work in _state.TakeDue(now, MaxPerPump))
        {
            if (work is DueWork.Notice notice)
            {
                Compose(notice);
            }
            else
            {
                _window.Add(work);
            }
        }

        while (!_stopping && _window.TryStart(_state, now, out var attempt))
        {
            Dispatch(attempt);
        }

        ArmTimer(now);
    }

    /// <summary>One timer for the earliest of all that is to come.</summary>
    private void ArmTimer(DateTimeOffset now)
    {
        if (_state.NextDueAt is not { } next)
        {
            Timers.Cancel(PumpDue.Instance);
        }
        else if (next <= now)
        {
            SchedulePump();
        }
        else
        {
            // The scheduler's ticks are coarse and its delays bounded: waking early is harmless, we look again.
            var delay = next - now;
            Timers.StartSingleTimer(PumpDue.Instance, PumpDue.Instance, delay < MaxTimer ? delay : MaxTimer);
        }
    }

    private static readonly TimeSpan MaxTimer = TimeSpan.FromDays(1);

    private void Dispatch(Attempt attempt)
    {
        var entry = attempt.Work.Entry;
        switch (attempt.Work)
        {
            case DueWork.Relay relay:
                _services.Destinations.Tell(new AttemptDelivery(
                    relay.NextHop, entry.Id, attempt.Number, entry.ReversePath, entry.BodyType, entry.Utf8, entry.Return,
                    entry.EnvelopeId, entry.Size,
                    ImmutableArray.CreateRange(relay.Recipients, ToTry, entry)));
                break;
            case DueWork.Store store:
                _services.Mailboxes.Tell(new StoreCopy(
                    store.Mailbox.Account, entry.Id, attempt.Number, store.Recipient, entry.ReversePath,
                    entry.Recipients[store.Recipient].Path, entry.Size, entry.AcceptedAt));
                break;
        }
    }

    private static RecipientToTry ToTry(int index, QueueEntry entry)
    {
        var recipient = entry.Recipients[index];
        return new RecipientToTry(index, recipient.Path, recipient.Notify, recipient.OriginalRecipient);
    }

    /// <summary>Whoever had an attempt in hand may be gone with its node: ask again until somebody answers.</summary>
    private void Resend()
    {
        var now = Now;
        foreach (var attempt in _window.TakeOverdue(now - _settings.ResendAfter, now))
        {
            if (_state.Contains(attempt.Work.Entry.Id))
            {
                Dispatch(attempt);
            }
            else
            {
                _window.TryFinish(attempt.Work.Entry.Id, attempt.Number, out _);
            }
        }

        SchedulePump();
    }

    private void Compose(DueWork.Notice notice)
    {
        var now = Now;
        var id = QueueId.New(_partition, now);
        var report = NoticeReports.Report(notice.Entry, notice.Plan, id, _services.ReportingMta, now);
        ComposeAsync().PipeTo(Self);

        async Task<NoticeComposed> ComposeAsync()
        {
            try
            {
                var path = new MailCluster.Mail.Addresses.ForwardPath(report.Recipient);
                var recipients = await _services.Directory.ResolveAsync(path, CancellationToken.None) switch
                {
                    Resolution.Found found => found.Recipients,
                    Resolution.NotLocal => [new ResolvedRecipient(path, new DeliveryTarget.Remote(path.Domain))],
                    _ => [], // a sender of ours who is gone: nobody to tell
                };
                if (recipients.IsEmpty)
                {
                    return new NoticeComposed(notice, null, null);
                }

                var writer = new NoticeWriter(_services.Spool, _settings.MaxReturnedSize);
                var composed = await writer.WriteAsync(report, notice.Entry.Id.Body, CancellationToken.None);
                var entry = NoticeReports.Entry(report, composed, recipients, _settings.Queue.Schedule);
                return new NoticeComposed(notice, entry, null);
            }
            catch (StorageException trouble)
            {
                return new NoticeComposed(notice, null, trouble);
            }
        }
    }

    private void OnNoticeComposed(NoticeComposed composed)
    {
        var (work, notice, trouble) = composed;
        if (trouble is not null)
        {
            _log.Warning(trouble, "Notice about {QueueId} could not be written, tried again in {Delay}", work.Entry.Id, NoticeRetry);
            _state.GiveBack(work, Now + NoticeRetry);
            SchedulePump();
            return;
        }

        Persist(_state.Decide(new RecordNotice(work.Entry.Id, work.Plan, notice), Now, _services.Random), () =>
        {
            if (notice is not null)
            {
                _log.Info("Notice {NoticeId} about {QueueId} queued for {Sender}",
                    notice.Id, work.Entry.Id, notice.Recipients[0].Path);
            }
        });
    }

    /// <summary>To itself: a notice is in the spool, or there is nobody to tell, or the store failed.</summary>
    private sealed record NoticeComposed(DueWork.Notice Work, QueueEntry? Notice, StorageException? Trouble) : IDeadLetterSuppression;
}
