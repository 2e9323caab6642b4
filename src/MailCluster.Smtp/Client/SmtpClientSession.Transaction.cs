using System.Collections.Immutable;
using System.Text;
using MailCluster.Mail.Envelopes;
using MailCluster.Mail.Replies;

namespace MailCluster.Smtp.Client;

/// <summary>
/// One message: MAIL, RCPT..., DATA or BDAT. With PIPELINING (RFC 2920) the envelope goes out in groups, the last of
/// them with DATA; without it one command at a time.
/// </summary>
public sealed partial class SmtpClientSession
{
    /// <summary>RCPTs in one write: replies to more might fill both sides' buffers (RFC 2920 §3.1).</summary>
    private const int MaxGroup = 100;

    private bool _dataWritten;

    private void BeginTransaction(OutboundMessage message)
    {
        _transaction = new OutboundTransaction(message);
        _dataWritten = false;
        if (FindObstacle(message) is { } obstacle)
        {
            Finish(obstacle);
            _stage = Stage.Ready;
            return;
        }

        if (NeedsSevenBit(message))
        {
            _transaction = null;
            _stage = Stage.Ready;
            _pending = new ClientEffect.TransactionFinished(new TransactionResult(
                ImmutableArray.CreateRange(message.Recipients, _ => (RecipientResult)new RecipientResult.Refused(NoEightBit)),
                NeedsSevenBit: true));
            return;
        }

        WriteMail(message);
        if (Capabilities.Pipelining)
        {
            WriteGroup(_transaction);
        }
    }

    /// <summary>Why the next hop cannot have the message at all.</summary>
    private Reply? FindObstacle(OutboundMessage message) =>
        message.Utf8 && !Capabilities.Utf8 ? NoUtf8
        : Capabilities.MaxSize is { } max && message.Size > max ? TooBig
        : null;

    private bool NeedsSevenBit(OutboundMessage message) => message.BodyType switch
    {
        BodyType.EightBitMime => !Capabilities.EightBitMime,
        BodyType.BinaryMime => !UsesChunks(message),
        _ => false,
    };

    /// <summary>RFC 3030 §3: binary content goes by BDAT only.</summary>
    private bool UsesChunks(OutboundMessage message) =>
        message.BodyType == BodyType.BinaryMime && Capabilities is { Chunking: true, BinaryMime: true };

    private void WriteMail(OutboundMessage message)
    {
        var line = new StringBuilder("MAIL FROM:").Append(message.ReversePath);
        if (Capabilities.Size)
        {
            line.Append(" SIZE=").Append(message.Size);
        }

        if (message.BodyType != BodyType.SevenBit)
        {
            line.Append(message.BodyType == BodyType.EightBitMime ? " BODY=8BITMIME" : " BODY=BINARYMIME");
        }

        if (message.Utf8)
        {
            line.Append(" SMTPUTF8");
        }

        if (Capabilities.Dsn)
        {
            line.Append(message.Return switch
            {
                DsnReturn.Full => " RET=FULL",
                DsnReturn.Headers => " RET=HDRS",
                _ => "",
            });
            line.Append(message.EnvelopeId is { } id ? $" ENVID={id}" : "");
        }

        _stage = Stage.Mail;
        Write(line.ToString());
    }

    private void WriteRcpt(OutboundRecipient recipient)
    {
        var line = new StringBuilder("RCPT TO:").Append(recipient.Path);
        if (Capabilities.Dsn)
        {
            line.Append(recipient.Notify == DsnNotify.Unspecified ? "" : $" NOTIFY={NotifyText(recipient.Notify)}");
            line.Append(recipient.OriginalRecipient is { } original ? $" ORCPT={original}" : "");
        }

        Write(line.ToString());
    }

    private static string NotifyText(DsnNotify notify)
    {
        if (notify == DsnNotify.Never)
        {
            return "NEVER";
        }

        string[] words =
        [
            notify.HasFlag(DsnNotify.Success) ? "SUCCESS" : "",
            notify.HasFlag(DsnNotify.Failure) ? "FAILURE" : "",
            notify.HasFlag(DsnNotify.Delay) ? "DELAY" : "",
        ];
        return string.Join(',', words.Where(word => word.Length > 0));
    }

    private void WriteGroup(OutboundTransaction transaction)
    {
        var end = Math.Min(transaction.Message.Recipients.Length, transaction.Written + MaxGroup);
        for (; transaction.Written < end; transaction.Written++)
        {
            WriteRcpt(transaction.Message.Recipients[transaction.Written]);
        }

        if (transaction.AllWritten && !UsesChunks(transaction.Message))
        {
            _dataWritten = true;
            Write("DATA");
        }
    }

    private void OnMail(Reply reply)
    {
        var transaction = _transaction!;
        if (!reply.Code.IsPositiveCompletion)
        {
            transaction.MailRefusal = reply;
            if (!Capabilities.Pipelining)
            {
                GiveUp(reply);
                return;
            }
        }

        _stage = Stage.Rcpt;
        if (!Capabilities.Pipelining)
        {
            WriteRcpt(transaction.Message.Recipients[transaction.Written++]);
        }
    }

    private void OnRcpt(Reply reply)
    {
        var transaction = _transaction!;
        transaction.AnswerRcpt(reply);
        if (transaction.Answered < transaction.Written)
        {
            return;
        }

        if (!transaction.AllWritten && transaction.MailRefusal is null)
        {
            if (Capabilities.Pipelining)
            {
                WriteGroup(transaction);
            }
            else
            {
                WriteRcpt(transaction.Message.Recipients[transaction.Written++]);
            }
        }
        else
        {
            EndEnvelope(transaction, reply);
        }
    }

    private void EndEnvelope(OutboundTransaction transaction, Reply last)
    {
        if (_dataWritten)
        {
            _stage = Stage.Data; // its reply must be waited for, whatever the recipients' were
        }
        else if (!transaction.AnyAccepted)
        {
            GiveUp(last);
        }
        else if (UsesChunks(transaction.Message))
        {
            Write($"BDAT {transaction.Message.Size} LAST");
            Send(raw: true);
        }
        else
        {
            _dataWritten = true;
            _stage = Stage.Data;
            Write("DATA");
        }
    }

    private void OnData(Reply reply)
    {
        var transaction = _transaction!;
        if (!reply.Code.IsPositiveIntermediate)
        {
            GiveUp(reply);
        }
        else if (!transaction.AnyAccepted)
        {
            // RFC 2920 §3.1: the server wants content though it took no recipient: it gets none.
            Write(".");
            _stage = Stage.ContentEnd;
        }
        else
        {
            Send(raw: false);
        }
    }

    private void Send(bool raw)
    {
        _stage = Stage.Sending;
        _pending = new ClientEffect.SendContent(raw);
    }

    private void OnContentEnd(Reply reply)
    {
        Finish(reply);
        _stage = Stage.Ready;
    }

    /// <summary>The transaction is over before its content: RSET, so that the next one begins clean.</summary>
    private void GiveUp(Reply reply)
    {
        Finish(reply);
        _stage = Stage.Rset;
        Write("RSET");
    }

    private void Finish(Reply last)
    {
        var transaction = _transaction!;
        _transaction = null;
        // Where no recipient was taken, a 250 for the empty content is no delivery.
        var word = last.Code.IsPositiveCompletion && !transaction.AnyAccepted ? NoRecipients : last;
        _pending = new ClientEffect.TransactionFinished(transaction.Finish(word, Capabilities.Dsn));
    }

    private static readonly Reply NoUtf8 = new(
        ReplyCode.MailboxUnavailable, EnhancedStatusCode.Utf8NotSupported, "Next hop does not support SMTPUTF8");

    private static readonly Reply TooBig = new(
        ReplyCode.ExceededStorage, EnhancedStatusCode.MessageTooBig, "Message exceeds the next hop's size limit");

    private static readonly Reply NoEightBit = new(
        ReplyCode.TransactionFailed, EnhancedStatusCode.ConversionRequired, "Next hop does not support 8BITMIME");

    private static readonly Reply NoRecipients = new(
        ReplyCode.LocalError, EnhancedStatusCode.InvalidCommand.As(4), "Next hop took no recipient");
}
