using System.CommandLine;
using System.CommandLine.Parsing;
using MailCluster.Mail.Addresses;
using MailCluster.Queue;

namespace MailCluster.Node.Commands;

/// <summary>Options that say which entries of the queue are meant.</summary>
internal sealed class QueueFilterOptions
{
    private readonly Option<DomainName?> _destination =
        Arguments.OptionalDomain("--destination", "Entries with a recipient of this domain.");

    private readonly Option<string?> _sender = new("--sender")
    {
        Description = "Entries of this sender; <> for notices.",
        HelpName = "address",
    };

    private readonly Option<string?> _recipient = new("--recipient")
    {
        Description = "Entries for this recipient.",
        HelpName = "address",
    };

    private readonly Option<EntryStatus?> _status = Arguments.Status();

    public void AddTo(Command command)
    {
        command.Add(_destination);
        command.Add(_sender);
        command.Add(_recipient);
        command.Add(_status);
    }

    public bool IsGiven(SymbolResult parsed) =>
        parsed.GetResult(_destination) is not null || parsed.GetResult(_sender) is not null
        || parsed.GetResult(_recipient) is not null || parsed.GetResult(_status) is not null;

    /// <summary>Such as <c>sender=a%40b.c&amp;status=held</c>.</summary>
    public string ToQuery(ParseResult parsed)
    {
        (string Name, string? Value)[] filters =
        [
            ("destination", parsed.GetValue(_destination)?.Text),
            ("sender", parsed.GetValue(_sender)),
            ("recipient", parsed.GetValue(_recipient)),
            ("status", parsed.GetValue(_status)?.ToString().ToLowerInvariant()),
        ];
        return string.Join(
            '&',
            filters.Where(filter => filter.Value is not null)
                .Select(filter => $"{filter.Name}={Uri.EscapeDataString(filter.Value!)}"));
    }
}
