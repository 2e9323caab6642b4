using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Identity;
using MailCluster.Node.Configuration;
using MailCluster.Queue;
using Microsoft.Extensions.Primitives;

namespace MailCluster.Node.Http;

/// <summary>Which entries a request means, as its query says.</summary>
internal static class QueueFilter
{
    public const int DefaultLimit = 100;
    public const int MaxLimit = 1000;

    private static readonly SettingKind<EntryStatus> StatusNames = SettingKinds.OneOf<EntryStatus>();
    private static readonly SettingKind<int> Limits = SettingKinds.Count(1, MaxLimit);

    private static readonly HashSet<string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        "destination", "sender", "recipient", "status", "limit", "after", "notify",
    };

    /// <summary>A mistyped filter must not match everything: what is unknown is refused.</summary>
    public static bool TryRead(
        IQueryCollection query, [NotNullWhen(true)] out ListMessages? filter, [NotNullWhen(false)] out string? trouble)
    {
        filter = null;
        trouble = null;
        if (query.Keys.FirstOrDefault(key => !Known.Contains(key)) is { } unknown)
        {
            trouble = $"there is no filter '{unknown}'";
        }
        else if (!TryReadOptional<DomainName>(query["destination"], TryReadDomain, out var destination))
        {
            trouble = "destination must be a domain";
        }
        else if (!TryReadOptional<EntryStatus>(query["status"], StatusNames.TryParse, out var status))
        {
            trouble = "status must be active, deferred or held";
        }
        else if (!TryReadOptional<QueueId>(query["after"], TryReadId, out var after))
        {
            trouble = "after must be a queue id";
        }
        else if (!TryReadOptional<int>(query["limit"], Limits.TryParse, out var limit))
        {
            trouble = $"limit must be from 1 to {MaxLimit}";
        }
        else
        {
            var recipient = query["recipient"] is [{ } address, ..] ? address : null;
            filter = new ListMessages(destination, Sender(query), recipient, status, limit ?? DefaultLimit, after);
        }

        return trouble is null;
    }

    /// <summary>True with null where nothing is said.</summary>
    private static bool TryReadOptional<T>(StringValues values, SettingParser<T> parse, out T? value)
        where T : struct
    {
        value = null;
        if (values is not [{ } text, ..])
        {
            return true;
        }

        var read = parse(text, out var some);
        value = some;
        return read;
    }

    private static bool TryReadDomain(string text, out DomainName domain) =>
        DomainName.TryParse(text, allowUtf8: true, out domain);

    private static bool TryReadId(string text, out QueueId id) =>
        QueueId.TryParse(text, CultureInfo.InvariantCulture, out id);

    /// <summary>Nothing, or the brackets of the wire, mean the null reverse-path.</summary>
    private static string? Sender(IQueryCollection query) => query["sender"] switch
    {
        ["<>", ..] => "",
        [{ } sender, ..] => sender,
        _ => null,
    };
}
