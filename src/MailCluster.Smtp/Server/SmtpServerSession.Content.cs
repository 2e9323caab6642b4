using System.Buffers;
using MailCluster.Mail.Envelopes;
using MailCluster.Mail.Headers;
using MailCluster.Mail.Replies;
using MailCluster.Smtp.Commands;
using MailCluster.Smtp.Framing;

namespace MailCluster.Smtp.Server;

/// <summary>
/// DATA (RFC 5321 §4.1.1.4) and BDAT (RFC 3030 §2). Content that is refused is still read to its end: only there
/// commands begin again.
/// </summary>
public sealed partial class SmtpServerSession
{
    private ContentReceiver? _receiver;
    private IContentSource? _content;
    private Reply? _contentRefusal;
    private bool _chunkEndedInCr;

    private SessionEffect? Data()
    {
        if (_transaction!.Parameters.BodyType == BodyType.BinaryMime)
        {
            return Refuse(SmtpReplies.BinaryNeedsBdat); // RFC 3030 §3
        }

        return Ask(SessionEffect.OpenContent.Instance, answer =>
        {
            if (!TryOpen((EffectAnswer.ContentOpened)answer, out var refusal))
            {
                return Say(refusal!);
            }

            _content = new DottedContent();
            return Say(SmtpReplies.StartMailInput);
        });
    }

    private SessionEffect? Bdat(SmtpCommand.Bdat bdat)
    {
        var binary = _transaction!.Parameters.BodyType == BodyType.BinaryMime;
        _content = new ChunkContent(bdat.Size, bdat.IsLast, binary, _chunkEndedInCr);
        State = SessionState.Chunks;
        return _receiver is not null || _contentRefusal is not null
            ? null
            : Ask(SessionEffect.OpenContent.Instance, answer =>
            {
                TryOpen((EffectAnswer.ContentOpened)answer, out _contentRefusal);
                return null;
            });
    }

    /// <summary>RFC 3030 §2: the octets of a chunk that comes at the wrong time are octets all the same, no commands.</summary>
    private SessionEffect? DiscardChunk(SmtpCommand.Bdat bdat, Reply refusal)
    {
        _content = new ChunkContent(bdat.Size, isLast: false, binary: true, behindCr: false);
        _contentRefusal = refusal;
        return null;
    }

    private bool TryOpen(EffectAnswer.ContentOpened opened, out Reply? refusal)
    {
        refusal = opened.Refusal;
        if (refusal is not null)
        {
            return false;
        }

        _receiver = new ContentReceiver(_options, opened.QueueId, opened.Now);
        _receiver.Begin(TraceHeader.Received(new ReceivedField
        {
            HeloName = HeloName ?? "",
            PeerAddress = _peer.Address,
            ByDomain = _options.Hostname.ToAscii(),
            Protocol = Protocol(),
            QueueId = opened.QueueId,
            For = _transaction!.Count == 1 ? _transaction.FirstRecipient : null,
            TlsDescription = _tlsDescription ?? (IsSecure ? "TLS" : null),
            At = opened.Now,
        }));
        return true;
    }

    /// <summary>RFC 3848, RFC 6531 §4.3.</summary>
    private string Protocol()
    {
        var secured = (IsSecure ? "S" : "") + (Login is null ? "" : "A");
        return !_extended ? "SMTP" : (_transaction!.Parameters.Utf8 ? "UTF8SMTP" : "ESMTP") + secured;
    }

    private SessionEffect? ReceiveContent(ref ReadOnlySequence<byte> input)
    {
        var content = _content!;
        while (!content.HasEnded)
        {
            if (input.IsEmpty)
            {
                return SessionEffect.ReadMore.Instance;
            }

            var octets = FirstBlock(input);
            var discarded = _contentRefusal is not null;
            var used = content.Decode(octets, discarded ? NullWriter.Instance : _receiver!.Output);
            input = input.Slice(used);
            if (discarded)
            {
                continue;
            }

            _receiver!.Scan();
            _contentRefusal = FindFault(content);
            if (_contentRefusal is null && _receiver.IsPieceFull)
            {
                return WritePiece();
            }
        }

        return EndContent(content);
    }

    /// <summary>A pipe's first block may be empty, and stays first however often nothing is sliced off it.</summary>
    private static ReadOnlySpan<byte> FirstBlock(in ReadOnlySequence<byte> input)
    {
        foreach (var block in input)
        {
            if (!block.IsEmpty)
            {
                return block.Span[..Math.Min(block.Length, ContentReceiver.PieceSize)];
            }
        }

        return [];
    }

    private Reply? FindFault(IContentSource content) =>
        content.IsSpoiled ? SmtpReplies.SpoiledContent
        : _receiver!.IsTooBig ? SmtpReplies.MessageTooBig
        : _receiver.IsLooping ? SmtpReplies.TooManyHops
        : null;

    private SessionEffect WritePiece() => Ask(new SessionEffect.WriteContent(_receiver!.Piece), answer =>
    {
        _receiver?.ClearPiece();
        if (answer is EffectAnswer.Verdict { Reply: var reply } && !reply.Code.IsPositiveCompletion)
        {
            _contentRefusal = reply;
        }

        return null;
    });

    private SessionEffect? EndContent(IContentSource content)
    {
        if (!content.IsLast)
        {
            return EndChunk(content);
        }

        _contentRefusal ??= FindFault(content);
        if (_contentRefusal is null)
        {
            _receiver!.End();
            if (!_receiver.Piece.IsEmpty)
            {
                return WritePiece(); // and back here, with nothing left to write
            }
        }

        _content = null;
        return _contentRefusal is null ? Commit() : RefuseContent(content.IsDesynchronized);
    }

    /// <summary>RFC 3030 §2: every chunk is answered; after a refusal the transaction is over.</summary>
    private SessionEffect? EndChunk(IContentSource content)
    {
        _content = null;
        _chunkEndedInCr = content is ChunkContent { EndsInCr: true };
        return _contentRefusal is null ? Say(SmtpReplies.Ok) : RefuseContent(mustClose: false);
    }

    /// <summary>Sends the refusal, and closes where nothing that follows can be trusted.</summary>
    private SessionEffect? RefuseContent(bool mustClose)
    {
        var refusal = _contentRefusal!;
        _contentRefusal = null;
        if (mustClose)
        {
            Say(refusal);
            return Fatal(SmtpReplies.NotSynchronized);
        }

        var closed = refusal.IsPermanent ? Refuse(refusal) : Say(refusal);
        return closed ?? ResetTransaction();
    }

    private SessionEffect Commit() => Ask(new SessionEffect.CommitMessage(_transaction!.ToEnvelope()), answer =>
    {
        var reply = ((EffectAnswer.Verdict)answer).Reply;
        if (reply.Code.IsPositiveCompletion)
        {
            AcceptedMessages++;
            _errors = 0; // a server that keeps its connection for days meets unknown users, too
        }

        _receiver = null; // committed or dropped by the host: nothing to abandon
        Say(reply);
        return ResetTransaction();
    });
}
