namespace MailCluster.Mail.Structure;

/// <summary>
/// An address of the envelope structure (RFC 9051 §7.5.2), quoting removed, nothing decoded. A null host marks a
/// group: with a mailbox its start and name, without one its end. An address that was sent without a domain has an
/// empty host, so that nobody takes it for a group.
/// </summary>
public readonly record struct MessageAddress(string? Name, string? Route, string? Mailbox, string? Host)
{
    public static MessageAddress GroupEnd { get; } = new(null, null, null, null);

    public bool IsGroupStart => Host is null && Mailbox is not null;

    public static MessageAddress GroupStart(string name) => new(null, null, name, null);
}
