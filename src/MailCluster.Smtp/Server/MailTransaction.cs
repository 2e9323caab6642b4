using System.Collections.Immutable;
using System.Text;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Envelopes;
using MailCluster.Smtp.Commands;

namespace MailCluster.Smtp.Server;

/// <summary>What MAIL and RCPT have said so far (RFC 5321 §3.3).</summary>
internal sealed class MailTransaction(ReversePath path, MailParameters parameters)
{
    /// <summary>Octets of flags, numbers and lengths beside a path.</summary>
    private const int FixedSize = 24;

    private readonly Dictionary<ForwardPath, int> _places = [];
    private readonly List<EnvelopeRecipient> _recipients = [];
    private int _size;

    public ReversePath ReversePath { get; } = path;

    public MailParameters Parameters { get; } = parameters;

    public int Count => _recipients.Count;

    public ForwardPath FirstRecipient => _recipients[0].Path;

    public bool Has(ForwardPath path) => _places.ContainsKey(path);

    /// <summary>False where the envelope would become too big.</summary>
    public bool TryAdd(ForwardPath path, RcptParameters rcpt, ImmutableArray<ResolvedRecipient> resolved)
    {
        var recipient = new EnvelopeRecipient(path, rcpt.Notify, rcpt.OriginalRecipient, resolved);
        var size = SizeOf(recipient);
        if (_size + size > SmtpLimits.EnvelopeSize)
        {
            return false;
        }

        _size += size;
        _places.Add(path, _recipients.Count);
        _recipients.Add(recipient);
        return true;
    }

    public Envelope ToEnvelope() => new()
    {
        ReversePath = ReversePath,
        Recipients = [.. _recipients],
        BodyType = Parameters.BodyType,
        Utf8 = Parameters.Utf8,
        Return = Parameters.Return,
        EnvelopeId = Parameters.EnvelopeId,
    };

    private static int SizeOf(EnvelopeRecipient recipient)
    {
        var size = SizeOf(recipient.Path) + (recipient.OriginalRecipient?.Length ?? 0);
        foreach (var resolved in recipient.Resolved)
        {
            size += SizeOf(resolved.Path);
            size += resolved.Target is DeliveryTarget.Remote remote ? Encoding.UTF8.GetByteCount(remote.Domain.Text) : 0;
        }

        return size;
    }

    private static int SizeOf(ForwardPath path) =>
        FixedSize + Encoding.UTF8.GetByteCount(path.Address.LocalPart) + Encoding.UTF8.GetByteCount(path.Domain.Text);
}
