using System.Collections.Immutable;
using MailCluster.Imap.Responses;
using MailCluster.Imap.Sessions;
using MailCluster.Mail.Mailboxes;
using MailCluster.Mail.Structure;

namespace MailCluster.Imap.Commands;

/// <summary>Writes the FETCH response of one message after the other (RFC 9051 §7.5.2). Used by one FETCH.</summary>
internal sealed class FetchTeller(ImapSession session, SelectedFolder selected, FetchCommand command)
{
    private readonly BinarySections _binary = new(session);
    private readonly bool _hasBinary = command.Items.Any(item => item.IsBinary);

    /// <summary>An item that is told in another way.</summary>
    private readonly int _skipped = command.IsUidImplied && session.IsUidOnly ? 1 : 0;

    /// <summary>How many messages of the page the client heard to be marked as seen; the page begins with 0.</summary>
    public int MarksTold { get; set; }

    /// <summary>Nothing but what every row has is asked for.</summary>
    public void TellShort(FetchedMessage message)
    {
        if (!Begin(message))
        {
            return;
        }

        for (var i = _skipped; i < command.Items.Length; i++)
        {
            Separate(i);
            Tell(command.Items[i].Kind, message, structure: null);
        }

        session.Out.Line(")");
    }

    /// <summary>
    /// What cannot be decoded fails the command (RFC 3516 §4.3), and what is decoded must be measured: both before the
    /// response is begun.
    /// </summary>
    public IEnumerable<SessionEffect> Tell(FetchRow row, ImmutableArray<ReadOnlyMemory<byte>?> read, bool wasMarked)
    {
        if (_hasBinary)
        {
            foreach (var effect in Measure(row))
            {
                yield return effect;
            }

            if (session.HasFailed)
            {
                if (wasMarked)
                {
                    var marked = row.Message;
                    session.TellFlags(
                        selected, marked.Uid, marked.Flags, marked.Keywords, marked.ModSeq, withUid: command.IsUid);
                    MarksTold++;
                }

                yield break;
            }
        }

        if (!Begin(row.Message))
        {
            yield break;
        }

        for (var i = _skipped; i < command.Items.Length; i++)
        {
            if (session.Out.Pending > ImapSession.MaxPending)
            {
                yield return SessionEffect.Flush.Instance; // a hundred structures of one message are large as well
                session.Got(out EffectAnswer.Done _);
            }

            Separate(i);
            var item = command.Items[i];
            if (!item.IsSection)
            {
                Tell(item.Kind, row.Message, row.Structure);
                continue;
            }

            foreach (var effect in TellSection(item, row, row.Sections[i], read))
            {
                yield return effect;
            }
        }

        if (wasMarked)
        {
            TellMark(row.Message);
        }

        session.Out.Line(")");
        if (session.Out.Pending > ImapSession.MaxPending)
        {
            yield return SessionEffect.Flush.Instance;
            session.Got(out EffectAnswer.Done _);
        }
    }

    /// <summary>False where the client does not know the message yet.</summary>
    private bool Begin(FetchedMessage message)
    {
        if (selected.Numbers.NumberOf(message.Uid) is not (> 0 and var number))
        {
            selected.MustLook = true;
            return false;
        }

        session.BeginFetch(number, message.Uid);
        return true;
    }

    private void Separate(int item)
    {
        if (item > _skipped)
        {
            session.Out.Raw(" "u8);
        }
    }

    private IEnumerable<SessionEffect> Measure(FetchRow row)
    {
        var sections = command.Items.Where(item => item.IsBinary)
            .Select(item => row.Layout.FindEncoded(item.Section!)).ToList();
        return session.HasFailed || !_binary.Knows(sections)
            ? []
            : _binary.Measure(sections.Where(section => section?.Slice.Length > FetchBatch.LargestRead));
    }

    private IEnumerable<SessionEffect> TellSection(
        FetchItem item, FetchRow row, FetchSection section, ImmutableArray<ReadOnlyMemory<byte>?> read)
    {
        var output = session.Out.Text(item.Label).Raw(" "u8);
        var small = section.IsRead ? read[section.Place] : null;
        if (section.Slice is not { } slice)
        {
            output.Text(item.Kind == FetchKind.BinarySize ? "0" : "NIL");
            return [];
        }

        if (item.IsBinary)
        {
            return _binary.Tell(item, row.Layout.FindEncoded(item.Section!)!, small);
        }

        if (small is { } octets)
        {
            TellSmall(item, octets);
            return [];
        }

        output.LiteralHeader(slice.Length);
        return Send(slice);
    }

    private IEnumerable<SessionEffect> Send(MessageSlice slice)
    {
        yield return new SessionEffect.SendSlice(slice);
        session.Got(out EffectAnswer.Done _);
    }

    private void TellSmall(FetchItem item, ReadOnlyMemory<byte> octets)
    {
        if (item.Section!.IsFields)
        {
            octets = HeaderFilter.Apply(octets.Span, item.Section);
            if (item.Partial is { } part)
            {
                var skipped = (int)Math.Min(part.First, octets.Length);
                octets = octets.Slice(skipped, (int)Math.Min(part.Count, octets.Length - skipped));
            }
        }

        session.Out.LiteralHeader(octets.Length).WithoutNul(octets.Span);
    }

    /// <summary>RFC 7162 §3.1: with a change its MODSEQ is told; with QRESYNC the UID as well (§3.2.4).</summary>
    private void TellMark(FetchedMessage message)
    {
        var output = session.Out;
        if (IsNotAsked(FetchKind.Flags))
        {
            output.Text(" FLAGS ").Flags(message.Flags, message.Keywords);
        }

        if (session.TellsUid(isAsked: false) && IsNotAsked(FetchKind.Uid))
        {
            output.Text(" UID ").Number(message.Uid.Value);
        }

        if (session.Enabled.HasFlag(Extensions.Condstore) && IsNotAsked(FetchKind.ModSeq))
        {
            output.Text(" MODSEQ (").Number(message.ModSeq).Text(")");
            selected.NoteTold(message.ModSeq);
        }

        MarksTold++;
    }

    private bool IsNotAsked(FetchKind kind) => command.Items.All(item => item.Kind != kind);

    private void Tell(FetchKind kind, FetchedMessage message, MessageStructure? structure)
    {
        var output = session.Out;
        if (kind == FetchKind.ModSeq)
        {
            selected.NoteTold(message.ModSeq);
        }

        _ = kind switch
        {
            FetchKind.Flags => output.Text("FLAGS ").Flags(message.Flags, message.Keywords),
            FetchKind.Uid => output.Text("UID ").Number(message.Uid.Value),
            FetchKind.InternalDate => output.Text("INTERNALDATE ").DateTime(message.InternalDate),
            FetchKind.Size => output.Text("RFC822.SIZE ").Number(message.Size),
            FetchKind.Envelope => output.Text("ENVELOPE ").Envelope(structure!.Envelope),
            FetchKind.Body => output.Text("BODY ").Structure(structure!.Root, isExtended: false),
            FetchKind.BodyStructure => output.Text("BODYSTRUCTURE ").Structure(structure!.Root, isExtended: true),
            FetchKind.ModSeq => output.Text("MODSEQ (").Number(message.ModSeq).Text(")"),
            FetchKind.SaveDate => output.Text("SAVEDATE ").DateTime(message.SaveDate),
            FetchKind.EmailId => output.Text("EMAILID (M").Text(message.Body.ToString()).Text(")"),
            FetchKind.ThreadId => output.Text("THREADID NIL"), // RFC 8474 §5.2
            FetchKind.Preview => output.Text("PREVIEW ").String(structure!.Preview),
            _ => output,
        };
    }
}
