using System.Buffers;
using System.Text;
using MailCluster.Mail.Addresses;
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
        _transaction = new OutboundTransaction(message) { Utf8 = Capabilities.Utf8 && NeedsUtf8(message) };
        _dataWritten = false;
        RefuseWhatNeedsUtf8(_transaction);
        if (FindObstacle(_transaction) is { } obstacle)
        {
            _stage = Stage.Ready;
            Fail(obstacle);
        }
        else if (NeedsSevenBit(message))
        {
            _stage = Stage.Ready;
            Tell(_transaction.Fail(ClientReplies.NoEightBit) with { NeedsSevenBit = true });
        }
        else
        {
            WriteMail(_transaction);
        }
    }

    /// <summary>The content, or an address whose local-part has no other form (RFC 6531 §3.3).</summary>
    private static bool NeedsUtf8(OutboundMessage message) =>
        message.Utf8 || NeedsUtf8(message.ReversePath.Address) || message.Recipients.Any(r => NeedsUtf8(r.Path.Address));

    private static bool NeedsUtf8(MailAddress? address) => address is { } known && !Ascii.IsValid(known.LocalPart);

    /// <summary>An alias may lead from an ASCII envelope to such a recipient: the others still get the message.</summary>
    private void RefuseWhatNeedsUtf8(OutboundTransaction transaction)
    {
        var recipients = transaction.Message.Recipients;
        for (var i = 0; i < recipients.Length && !Capabilities.Utf8; i++)
        {
            if (NeedsUtf8(recipients[i].Path.Address))
            {
                transaction.RefuseUnasked(i, ClientReplies.NoUtf8);
            }
        }
    }

    /// <summary>Why the next hop cannot have the message at all.</summary>
    private Reply? FindObstacle(OutboundTransaction transaction)
    {
        var message = transaction.Message;
        var lacksUtf8 = !Capabilities.Utf8
            && (message.Utf8 || NeedsUtf8(message.ReversePath.Address) || transaction.AllWritten);
        return lacksUtf8 ? ClientReplies.NoUtf8
            : Capabilities.MaxSize is { } max && message.Size > max ? ClientReplies.TooBig
            : null;
    }

    private bool NeedsSevenBit(OutboundMessage message) => message.BodyType switch
    {
        BodyType.EightBitMime => !Capabilities.EightBitMime,
        BodyType.BinaryMime => !UsesChunks(message),
        _ => false,
    };

    /// <summary>RFC 3030 §3: binary content goes by BDAT only.</summary>
    private bool UsesChunks(OutboundMessage message) =>
        message.BodyType == BodyType.BinaryMime && Capabilities is { Chunking: true, BinaryMime: true };

    private void WriteMail(OutboundTransaction transaction)
    {
        _stage = Stage.Mail;
        EnvelopeWriter.WriteMail(transaction, Capabilities, _commands);
        if (Capabilities.Pipelining)
        {
            WriteGroup(transaction);
        }
    }

    private void WriteGroup(OutboundTransaction transaction)
    {
        for (var i = 0; i < MaxGroup && !transaction.AllWritten; i++)
        {
            WriteRcpt(transaction);
        }

        if (transaction.AllWritten && !UsesChunks(transaction.Message))
        {
            WriteData();
        }
    }

    private void WriteRcpt(OutboundTransaction transaction) =>
        EnvelopeWriter.WriteRcpt(transaction.TakeUnwritten(), transaction.Utf8, Capabilities, _commands);

    private void WriteData()
    {
        _dataWritten = true;
        Write("DATA");
    }

    private void OnMail(Reply reply)
    {
        var transaction = _transaction!;
        if (!reply.Code.IsPositiveCompletion)
        {
            transaction.MailRefusal = reply;
            if (transaction.Unanswered == 0)
            {
                GiveUp(reply);
                return;
            }
        }

        _stage = Stage.Rcpt;
        if (transaction.Unanswered == 0)
        {
            WriteRcpt(transaction);
        }
    }

    private void OnRcpt(Reply reply)
    {
        var transaction = _transaction!;
        transaction.AnswerRcpt(reply);
        if (transaction.Unanswered > 0)
        {
            return;
        }

        if (transaction.AllWritten || transaction.MailRefusal is not null)
        {
            EndEnvelope(transaction, reply);
        }
        else if (Capabilities.Pipelining)
        {
            WriteGroup(transaction);
        }
        else
        {
            WriteRcpt(transaction);
        }
    }

    private void EndEnvelope(OutboundTransaction transaction, Reply last)
    {
        if (_dataWritten)
        {
            _stage = Stage.Data; // its reply must be waited for, whatever the recipients' were
        }
        else if (!transaction.HasTaker)
        {
            GiveUp(last);
        }
        else if (UsesChunks(transaction.Message))
        {
            _commands.Write("BDAT "u8);
            EnvelopeWriter.Append(transaction.Message.Size, _commands);
            Write(" LAST");
            Send(raw: true);
        }
        else
        {
            _stage = Stage.Data;
            WriteData();
        }
    }

    private void OnData(Reply reply)
    {
        if (reply.Code.IsPositiveCompletion)
        {
            // Neither yes nor no: one reply too many came, and which of them was for whom cannot be known any more.
            Break("unexpected reply to DATA", reply);
        }
        else if (!reply.Code.IsPositiveIntermediate)
        {
            GiveUp(reply);
        }
        else if (_transaction!.HasTaker)
        {
            Send(raw: false);
        }
        else
        {
            // RFC 2920 §3.1: the server wants content though it took no recipient: it gets none.
            Write(".");
            _stage = Stage.ContentEnd;
        }
    }

    private void Send(bool raw)
    {
        _stage = Stage.Sending;
        _pending = raw ? ClientEffect.SendContent.AsItIs : ClientEffect.SendContent.DotStuffed;
    }

    private void OnContentEnd(Reply reply)
    {
        var transaction = _transaction!;
        _stage = Stage.Ready;
        if (reply.Code.IsPositiveCompletion && transaction.HasTaker)
        {
            Tell(transaction.Deliver(reply, Capabilities.Dsn));
        }
        else
        {
            Fail(reply);
        }
    }

    /// <summary>The transaction is over before its content: RSET, so that the next one begins clean.</summary>
    private void GiveUp(Reply reply)
    {
        Fail(reply);
        _stage = Stage.Rset;
        Write("RSET");
    }

    private void OnRset(Reply reply)
    {
        if (reply.Code.IsPositiveCompletion)
        {
            _stage = Stage.Ready;
        }
        else
        {
            End("RSET refused", reply);
        }
    }

    private void Fail(Reply last) => Tell(_transaction!.Fail(last));

    private void Tell(TransactionResult result)
    {
        _transaction = null;
        _pending = new ClientEffect.TransactionFinished(result);
    }
}
