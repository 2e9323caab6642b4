using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Identity;
using MailCluster.Node.Configuration;
using MailCluster.Queue;
using MailCluster.Storage.Directory;

namespace MailCluster.Node.Commands;

/// <summary>Arguments and options that several commands have, and how they are read.</summary>
internal static class Arguments
{
    public static Argument<DomainName> Domain(string description) => new("domain")
    {
        Description = description,
        CustomParser = ParseDomain,
    };

    public static Option<DomainName?> OptionalDomain(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "domain",
        CustomParser = parsed => ParseDomain(parsed),
    };

    public static Argument<MailAddress> Address(string description) => new("address")
    {
        Description = description,
        CustomParser = ParseAddress,
    };

    public static Argument<MailAddress[]> Targets(string description, ArgumentArity arity) => new("target")
    {
        Description = description,
        Arity = arity,
        CustomParser = ParseAddresses,
    };

    public static Argument<AliasSource> Alias(string description) => new("alias")
    {
        Description = description,
        CustomParser = ParseAlias,
    };

    public static Argument<QueueId[]> QueueIds(ArgumentArity arity) => new("id")
    {
        Description = "Queue ids, as the list shows them.",
        Arity = arity,
        CustomParser = ParseQueueIds,
    };

    public static Option<Quota> Quota() => new("--quota")
    {
        Description = "How much mail the account may keep, such as 500MB; none is without limit.",
        HelpName = "size",
        CustomParser = ParseQuota,
    };

    public static Argument<Quota> QuotaSize() => new("size")
    {
        Description = "How much mail the account may keep, such as 500MB; none is without limit.",
        CustomParser = ParseQuota,
    };

    public static Option<MessageLimit?> MessageLimit() => new("--messages")
    {
        Description = "How many messages the account may keep; none is without limit. Else left as it is.",
        HelpName = "count",
        CustomParser = ParseMessageLimit,
    };

    public static Option<EntryStatus?> Status() => new("--status")
    {
        Description = "Entries in this state: active, deferred or held.",
        HelpName = "state",
        CustomParser = ParseStatus,
    };

    public static Option<bool> Json() => new("--json") { Description = "Prints JSON." };

    public static MailAddress[] ParseAddresses(ArgumentResult parsed) =>
        [.. parsed.Tokens.Select(token => ParseAddress(parsed, token.Value))];

    public static MailAddress ParseAddress(ArgumentResult parsed) => ParseAddress(parsed, parsed.Tokens[0].Value);

    private static MailAddress ParseAddress(ArgumentResult parsed, string text)
    {
        if (!MailAddress.TryParse(text, allowUtf8: true, out var address))
        {
            parsed.AddError($"'{text}' is not a mail address");
        }

        return address;
    }

    private static DomainName ParseDomain(ArgumentResult parsed)
    {
        if (!DomainName.TryParse(parsed.Tokens[0].Value, allowUtf8: true, out var domain) || domain.IsLiteral)
        {
            parsed.AddError($"'{parsed.Tokens[0].Value}' is not a domain");
        }

        return domain;
    }

    private static AliasSource ParseAlias(ArgumentResult parsed)
    {
        var text = parsed.Tokens[0].Value;
        if (text.StartsWith("*@", StringComparison.Ordinal)
            && DomainName.TryParse(text.AsSpan(2), allowUtf8: true, out var domain))
        {
            return new AliasSource(null, domain);
        }

        if (!MailAddress.TryParse(text, allowUtf8: true, out var address))
        {
            parsed.AddError($"'{text}' is neither a mail address nor a catch-all such as *@example.org");
        }

        return new AliasSource(address.LocalPart, address.Domain);
    }

    private static QueueId[] ParseQueueIds(ArgumentResult parsed)
    {
        var ids = new List<QueueId>();
        foreach (var token in parsed.Tokens)
        {
            if (!QueueId.TryParse(token.Value, CultureInfo.InvariantCulture, out var id))
            {
                parsed.AddError($"'{token.Value}' is not a queue id");
            }

            ids.Add(id);
        }

        return [.. ids];
    }

    private static EntryStatus? ParseStatus(ArgumentResult parsed)
    {
        var kind = SettingKinds.OneOf<EntryStatus>();
        if (!kind.TryParse(parsed.Tokens[0].Value, out var status))
        {
            parsed.AddError($"'{parsed.Tokens[0].Value}' is not {kind.Allowed}");
        }

        return status;
    }

    private static Quota ParseQuota(ArgumentResult parsed)
    {
        var text = parsed.Tokens[0].Value;
        if (text.Equals("none", StringComparison.OrdinalIgnoreCase))
        {
            return default;
        }

        if (!SizeText.TryParse(text, out var octets))
        {
            parsed.AddError($"'{text}' is neither a size such as 500MB nor none");
        }

        return new Quota(octets);
    }

    private static MessageLimit? ParseMessageLimit(ArgumentResult parsed)
    {
        var text = parsed.Tokens[0].Value;
        if (text.Equals("none", StringComparison.OrdinalIgnoreCase))
        {
            return default(MessageLimit);
        }

        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            parsed.AddError($"'{text}' is neither a number of messages nor none");
        }

        return new MessageLimit(count);
    }
}

/// <summary>How much an account may keep; null is without limit.</summary>
internal readonly record struct Quota(long? Octets);

/// <summary>How many messages an account may keep; null is without limit.</summary>
internal readonly record struct MessageLimit(long? Messages);
