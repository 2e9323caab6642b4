using System.Collections.Immutable;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Envelopes;
using MailCluster.Smtp.Commands;

namespace MailCluster.Smtp.Server;

/// <summary>What MAIL and RCPT have said so far (RFC 5321 §3.3).</summary>
internal sealed class MailTransaction(ReversePath path, MailParameters parameters)
{
    private readonly Dictionary<ForwardPath, int> _places = [];
    private readonly List<EnvelopeRecipient> _recipients = [];

    public ReversePath ReversePath { get; } = path;

    public MailParameters Parameters { get; } = parameters;

    public int Count => _recipients.Count;

    public ForwardPath FirstRecipient => _recipients[0].Path;

    public bool Has(ForwardPath path) => _places.ContainsKey(path);

    public void Add(ForwardPath path, RcptParameters rcpt, ImmutableArray<ResolvedRecipient> resolved)
    {
        _places.Add(path, _recipients.Count);
        _recipients.Add(new EnvelopeRecipient(path, rcpt.Notify, rcpt.OriginalRecipient, resolved));
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
}
