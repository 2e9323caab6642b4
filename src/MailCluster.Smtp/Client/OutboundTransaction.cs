using MailCluster.Mail.Replies;

namespace MailCluster.Smtp.Client;

/// <summary>The replies to one message, as they come in.</summary>
internal sealed class OutboundTransaction(OutboundMessage message)
{
    private readonly Reply?[] _refusals = new Reply?[message.Recipients.Length];

    public OutboundMessage Message { get; } = message;

    /// <summary>RCPTs written so far.</summary>
    public int Written { get; set; }

    /// <summary>RCPTs answered so far.</summary>
    public int Answered { get; private set; }

    public bool AnyAccepted { get; private set; }

    /// <summary>MAIL was refused.</summary>
    public Reply? MailRefusal { get; set; }

    public bool AllWritten => Written == Message.Recipients.Length;

    public bool AllAnswered => Answered == Message.Recipients.Length;

    public void AnswerRcpt(Reply reply)
    {
        if (reply.Code.IsPositiveCompletion)
        {
            AnyAccepted = true;
        }
        else
        {
            _refusals[Answered] = OfRcpt(reply);
        }

        Answered++;
    }

    /// <summary>The last word for all that was not refused before it.</summary>
    public TransactionResult Finish(Reply last, bool dsnPassedOn) => new(
        [.. _refusals.Select(refusal => Result(refusal, last, dsnPassedOn))], NeedsSevenBit: false);

    private RecipientResult Result(Reply? refusal, Reply last, bool dsnPassedOn)
    {
        var word = refusal ?? MailRefusal ?? last;
        return word.Code.IsPositiveCompletion
            ? new RecipientResult.Delivered(word, dsnPassedOn)
            : new RecipientResult.Refused(word.IsTransient || word.IsPermanent ? word : Unexpected(word));
    }

    /// <summary>RFC 5321 §4.5.3.1.10: 552 to RCPT means too many recipients: the rest in another transaction.</summary>
    private static Reply OfRcpt(Reply reply) => reply.Code == ReplyCode.ExceededStorage && reply.Status?.Subject is null
        ? reply with { Code = ReplyCode.InsufficientStorage, Status = EnhancedStatusCode.TooManyRecipients }
        : reply.IsTransient || reply.IsPermanent ? reply : Unexpected(reply);

    private static Reply Unexpected(Reply reply) => new(
        ReplyCode.LocalError, EnhancedStatusCode.InvalidCommand.As(4), $"Unexpected reply: {reply}");
}
