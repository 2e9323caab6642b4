using System.Collections.Immutable;
using MailCluster.Mail.Replies;

namespace MailCluster.Smtp.Client;

/// <summary>The replies to one message, as they come in, and what they mean for each of its recipients.</summary>
internal sealed class OutboundTransaction(OutboundMessage message)
{
    private readonly Reply?[] _refusals = new Reply?[message.Recipients.Length];
    private int _nextToWrite;
    private int _nextToAnswer;
    private int _unwritten = message.Recipients.Length;
    private bool _anyAccepted;

    public OutboundMessage Message { get; } = message;

    /// <summary>The envelope needs SMTPUTF8 (RFC 6531 §3.4), and the next hop has it.</summary>
    public bool Utf8 { get; init; }

    /// <summary>RCPTs whose replies are still to come.</summary>
    public int Unanswered { get; private set; }

    public bool AllWritten => _unwritten == 0;

    /// <summary>MAIL was refused.</summary>
    public Reply? MailRefusal { get; set; }

    /// <summary>Somebody is there to take the content.</summary>
    public bool HasTaker => _anyAccepted && MailRefusal is null;

    /// <summary>Refuses a recipient without asking the next hop; only before the first is written.</summary>
    public void RefuseUnasked(int index, Reply reply)
    {
        _refusals[index] = reply;
        _unwritten--;
    }

    /// <summary>The next recipient to write; only while not <see cref="AllWritten"/>.</summary>
    public OutboundRecipient TakeUnwritten()
    {
        _nextToWrite = SkipUnasked(_nextToWrite);
        _unwritten--;
        Unanswered++;
        return Message.Recipients[_nextToWrite++];
    }

    /// <summary>The reply to the earliest RCPT that is <see cref="Unanswered"/>.</summary>
    public void AnswerRcpt(Reply reply)
    {
        _nextToAnswer = SkipUnasked(_nextToAnswer);
        if (reply.Code.IsPositiveCompletion)
        {
            _anyAccepted = true;
        }
        else
        {
            _refusals[_nextToAnswer] = IsTooManyRecipients(reply) ? AsTransient(reply) : reply;
        }

        _nextToAnswer++;
        Unanswered--;
    }

    /// <summary>The next hop took the content: it answers for all that it did not refuse before.</summary>
    public TransactionResult Deliver(Reply reply, bool dsnPassedOn) =>
        Finish(new RecipientResult.Delivered(reply, dsnPassedOn));

    /// <summary>Nobody got it; the reply is the last word for all that had none of their own.</summary>
    public TransactionResult Fail(Reply reply) => Finish(new RecipientResult.Refused(Refusal(reply)));

    /// <summary>
    /// A refused MAIL goes before all replies to RCPT: behind it they are 503, which says nothing about a recipient.
    /// </summary>
    private TransactionResult Finish(RecipientResult others)
    {
        var results = ImmutableArray.CreateBuilder<RecipientResult>(_refusals.Length);
        foreach (var refusal in _refusals)
        {
            var own = MailRefusal ?? refusal;
            results.Add(own is null ? others : new RecipientResult.Refused(Refusal(own)));
        }

        return new TransactionResult(results.MoveToImmutable(), NeedsSevenBit: false);
    }

    private int SkipUnasked(int index)
    {
        while (_refusals[index] is not null)
        {
            index++;
        }

        return index;
    }

    /// <summary>
    /// RFC 5321 §4.5.3.1.10: 552 to RCPT may mean too many recipients, the rest of which go in another transaction.
    /// Without the words of RFC 3463 it can only mean that where others were taken before.
    /// </summary>
    private bool IsTooManyRecipients(Reply reply) => reply.Code == ReplyCode.ExceededStorage
        && (reply.Status is { } status ? status == EnhancedStatusCode.TooManyRecipients.As(5) : _anyAccepted);

    private static Reply AsTransient(Reply reply) =>
        reply with { Code = ReplyCode.InsufficientStorage, Status = EnhancedStatusCode.TooManyRecipients };

    /// <summary>Neither 4yz nor 5yz where there is no success: the unknown is transient.</summary>
    private static Reply Refusal(Reply reply) => reply.IsTransient || reply.IsPermanent
        ? reply
        : ClientReplies.ProtocolError($"unexpected reply {reply}");
}
