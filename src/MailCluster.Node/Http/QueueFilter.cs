using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Identity;
using MailCluster.Queue;

namespace MailCluster.Node.Http;

/// <summary>Which entries a request means, as its query says.</summary>
internal static class QueueFilter
{
    public const int DefaultLimit = 100;
    public const int MaxLimit = 1000;

    private static readonly HashSet<string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        "destination", "sender", "recipient", "status", "limit", "after", "notify",
    };

    /// <summary>A mistyped filter must not match everything: what is unknown is refused.</summary>
    public static bool TryRead(
        IQueryCollection query, [NotNullWhen(true)] out ListMessages? filter, [NotNullWhen(false)] out string? trouble)
    {
        filter = null;
        DomainName? destination = null;
        EntryStatus? status = null;
        QueueId? after = null;
        var limit = DefaultLimit;
        trouble = query.Keys.FirstOrDefault(key => !Known.Contains(key)) is { } unknown ? $"there is no filter '{unknown}'" : null;
        if (trouble is null && query["destination"] is [{ } domainText, ..])
        {
            var isDomain = DomainName.TryParse(domainText, allowUtf8: true, out var domain);
            destination = domain;
            trouble = isDomain ? null : "destination must be a domain";
        }

        if (trouble is null && query["status"] is [{ } statusText, ..])
        {
            var isStatus = Enum.TryParse<EntryStatus>(statusText, ignoreCase: true, out var parsed)
                && Enum.IsDefined(parsed) && !char.IsAsciiDigit(statusText[0]);
            status = parsed;
            trouble = isStatus ? null : "status must be active, deferred or held";
        }

        if (trouble is null && query["after"] is [{ } afterText, ..])
        {
            var isId = QueueId.TryParse(afterText, CultureInfo.InvariantCulture, out var id);
            after = id;
            trouble = isId ? null : "after must be a queue id";
        }

        if (trouble is null && query["limit"] is [{ } limitText, ..])
        {
            var isLimit = int.TryParse(limitText, NumberStyles.None, CultureInfo.InvariantCulture, out limit);
            trouble = isLimit && limit is > 0 and <= MaxLimit ? null : $"limit must be from 1 to {MaxLimit}";
        }

        if (trouble is not null)
        {
            return false;
        }

        filter = new ListMessages(destination, Sender(query), query["recipient"] is [{ } recipient, ..] ? recipient : null, status, limit, after);
        return true;
    }

    /// <summary>Nothing, or the brackets of the wire, mean the null reverse-path.</summary>
    private static string? Sender(IQueryCollection query) => query["sender"] switch
    {
        ["<>", ..] => "",
        [{ } sender, ..] => sender,
        _ => null,
    };
}
