using Akka.Actor;
using Akka.Event;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Replies;
using MailCluster.Queue;
using MailCluster.Smtp.Server;
using Envelope = MailCluster.Mail.Envelopes.Envelope;

namespace MailCluster.Actors.Connections.Smtp;

/// <summary>
/// From the last octet of content to the reply: commit the body, then ask the partition until it answers. The id is
/// in the question, so asking again is harmless; a body whose partition never answers is found by it as an orphan.
/// </summary>
public sealed partial class SmtpConnectionActor
{
    private void CommitBody(Envelope envelope)
    {
        var content = _content!;
        _content = null;
        _enqueueing = new EnqueueMessage(_contentId, envelope, content.Length);
        _enqueueStartedAt = _services.Time.GetTimestamp();
        var id = _contentId;
        CommitAsync().PipeTo(Self);

        async Task<object> CommitAsync()
        {
            await using (content)
            {
                try
                {
                    await content.CommitAsync(CancellationToken.None);
                    return new BodyCommitted(id);
                }
                catch (Exception trouble)
                {
                    Log.Error(trouble, "Body of {QueueId} not stored", id);
                    return new MessageRejected(id, StoreRefusal(trouble));
                }
            }
        }
    }

    private void Enqueue()
    {
        var partition = _services.Local.Find(_enqueueing!.QueueId.Partition) ?? _services.PartitionRegion;
        partition.Tell(_enqueueing, Self);
        _enqueueRetry = Context.System.Scheduler.ScheduleTellOnceCancelable(
            _timeouts.EnqueueRetry, Self, new EnqueueRetryDue(_enqueueing.QueueId), Self);
    }

    private void RetryEnqueue()
    {
        _services.Partitions.Avoid(_enqueueing!.QueueId.Partition);
        if (_services.Time.GetElapsedTime(_enqueueStartedAt) < _timeouts.Enqueue)
        {
            Enqueue();
        }
        else
        {
            // Not known whether the partition took it: the client will try again, which may make two of one, never none.
            OnEnqueued(new MessageRejected(_enqueueing!.QueueId, QueueNotAnswering));
        }
    }

    private void OnEnqueued(IQueueAnswer answer)
    {
        if (_enqueueing is not { } message || answer.QueueId != message.QueueId)
        {
            return; // the answer to a question that was asked twice
        }

        _enqueueRetry?.Cancel();
        _enqueueing = null;
        var reply = answer is MessageRejected rejected ? rejected.Reply : Accepted(message.QueueId);
        LogOutcome(message, reply);
        GoOn(new EffectAnswer.Verdict(reply));
    }

    private static Reply Accepted(QueueId id) => new(ReplyCode.Ok, EnhancedStatusCode.Ok, $"Ok: queued as {id}");

    private static readonly Reply QueueNotAnswering = new(
        ReplyCode.LocalError, EnhancedStatusCode.SystemNotAccepting, "Queue not available, try again later");

    private void LogOutcome(EnqueueMessage message, Reply reply)
    {
        if (reply.Code.IsPositiveCompletion)
        {
            Log.Info("Accepted {QueueId} in session {SessionId} from {Peer}: {ReversePath} to {Recipients} recipients, {Size} octets",
                message.QueueId, _peer.SessionId, Transport.RemoteEndPoint, message.Envelope.ReversePath,
                message.Envelope.Recipients.Length, message.Size);
        }
        else
        {
            Log.Warning("Not accepted {QueueId} in session {SessionId} from {Peer}: {Reply}",
                message.QueueId, _peer.SessionId, Transport.RemoteEndPoint, reply);
        }
    }

    private void LogSessionEnded() =>
        Log.Info("SMTP session {SessionId} of {Peer} ended after {Seconds:0.000} s: {Accepted} messages accepted, login {Login}, TLS {Tls}",
            _peer.SessionId, Transport.RemoteEndPoint, _services.Time.GetElapsedTime(_startedAt).TotalSeconds,
            _session.AcceptedMessages, _session.Login?.Address ?? "none", Transport.TlsDescription ?? "none");

    /// <summary>To itself: the answer to an effect that had to be waited for.</summary>
    private sealed record EffectCarriedOut(EffectAnswer Answer) : IDeadLetterSuppression;

    /// <summary>To itself: the body is on disk.</summary>
    private sealed record BodyCommitted(QueueId QueueId) : IDeadLetterSuppression;

    /// <summary>
    /// To itself: the partition has not answered yet. One that was due when the answer came says nothing about the next
    /// message, whose body may not be on disk.
    /// </summary>
    private sealed record EnqueueRetryDue(QueueId QueueId) : IDeadLetterSuppression;
}
