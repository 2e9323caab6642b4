using MailCluster.Imap.Sessions;
using MailCluster.Mail.Mime;

namespace MailCluster.Imap.Commands;

/// <summary>
/// BINARY and BINARY.SIZE (RFC 3516, RFC 9051 §6.4.5): sections without their content transfer encoding. The length of a
/// literal comes before it, so a large section is read twice: once to measure it, once to send it. Used by one FETCH.
/// </summary>
internal sealed class BinarySections(ImapSession session)
{
    private readonly Dictionary<EncodedSlice, EffectAnswer.Measured> _measured = [];

    /// <summary>False where one is of an unknown encoding, and the command has failed.</summary>
    public bool Knows(IEnumerable<EncodedSlice?> sections)
    {
        if (sections.All(section => section is null || TransferDecoder.Knows(section.Encoding)))
        {
            return true;
        }

        session.No("A section is encoded in a way that is not known here", "UNKNOWN-CTE");
        return false;
    }

    /// <summary>Of one message; measures what was not measured lately.</summary>
    public IEnumerable<SessionEffect> Measure(IEnumerable<EncodedSlice?> sections)
    {
        _measured.Clear();
        foreach (var section in sections)
        {
            if (session.Measured.Find(section!) is { } known)
            {
                _measured[section!] = known;
                continue;
            }

            yield return new SessionEffect.MeasureDecoded(section!);
            if (!session.Got(out EffectAnswer.Measured measured))
            {
                yield break;
            }

            session.Measured.Add(section!, measured);
            _measured[section!] = measured;
        }
    }

    /// <param name="encoded">The octets of a small section; null where they are to be streamed.</param>
    public IEnumerable<SessionEffect> Tell(FetchItem item, EncodedSlice section, ReadOnlyMemory<byte>? encoded)
    {
        if (encoded is { } small)
        {
            TellSmall(item, new TransferDecoder(section.Encoding, section.IsText).DecodeAll(small));
            yield break;
        }

        var whole = _measured[section];
        if (item.Kind == FetchKind.BinarySize)
        {
            session.Out.Number(whole.Length);
            yield break;
        }

        var (first, count) = Cut(item, whole.Length);
        _ = whole.HasNul ? session.Out.Literal8Header(count) : session.Out.LiteralHeader(count);
        yield return new SessionEffect.SendDecoded(section, first, count);
        session.Got(out EffectAnswer.Done _);
    }

    private void TellSmall(FetchItem item, ReadOnlyMemory<byte> octets)
    {
        if (item.Kind == FetchKind.BinarySize)
        {
            session.Out.Number(octets.Length);
            return;
        }

        var (first, count) = Cut(item, octets.Length);
        var cut = octets.Span.Slice((int)first, (int)count);
        _ = cut.Contains((byte)0) ? session.Out.Literal8Header(count).Raw(cut) : session.Out.Literal(cut);
    }

    private static (long First, long Count) Cut(FetchItem item, long length)
    {
        var first = Math.Min(item.Partial?.First ?? 0, length);
        return (first, Math.Min(item.Partial?.Count ?? length, length - first));
    }
}
