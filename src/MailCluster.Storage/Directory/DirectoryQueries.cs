using System.Collections.Immutable;
using System.Data.Common;
using MailCluster.Mail.Addresses;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Sasl;
using MailCluster.Storage.Sql;

namespace MailCluster.Storage.Directory;

/// <summary>What listeners and operators read of domains, accounts and aliases.</summary>
internal sealed class DirectoryQueries : SqlSession
{
    private const string AccountRows =
        "SELECT a.id, a.local_part, d.name, a.quota_bytes, a.used_bytes, a.message_count, a.quota_messages"
        + " FROM account a JOIN domain d ON d.id = a.domain_id";

    private const string AliasRows =
        "SELECT l.local_part, d.name, l.target FROM alias l JOIN domain d ON d.id = l.domain_id";

    private readonly Statement _version;
    private readonly Statement _isDomain;
    private readonly Statement _domains;
    private readonly Statement _accountByName;
    private readonly Statement _accountById;
    private readonly Statement _firstAccount;
    private readonly Statement _credentials;
    private readonly Statement _targets;

    public DirectoryQueries(SqlDatabase database)
        : base(database)
    {
        _version = Prepare("SELECT version FROM directory_version");
        _isDomain = Prepare("SELECT 1 FROM domain WHERE name = @name");
        _domains = Prepare("SELECT name FROM domain ORDER BY name");
        _accountByName = Prepare(AccountRows + " WHERE d.name = @domain AND a.local_part = @local");
        _accountById = Prepare(AccountRows + " WHERE a.id = @account");
        _firstAccount = Prepare(AccountRows + " WHERE d.name = @domain ORDER BY a.id LIMIT 1");
        _credentials = Prepare(
            "SELECT a.id, a.salt, a.iterations, a.stored_key, a.server_key"
            + " FROM account a JOIN domain d ON d.id = a.domain_id WHERE d.name = @domain AND a.local_part = @local");
        _targets = Prepare(
            "SELECT l.target FROM alias l JOIN domain d ON d.id = l.domain_id"
            + " WHERE d.name = @domain AND l.local_part = @local ORDER BY l.target");
    }

    public long Version() => (long)(_version.Scalar() ?? 0L);

    public bool IsDomain(DomainName domain) => _isDomain.Scalar(domain.Text) is not null;

    public AccountInfo? Account(DomainName domain, string localPart) =>
        ReadAccount(_accountByName.Query(domain.Text, localPart));

    public AccountInfo? Account(AccountId account) => ReadAccount(_accountById.Query(account.Value));

    /// <summary>The account that was made first in the domain.</summary>
    public AccountInfo? FirstAccount(DomainName domain) => ReadAccount(_firstAccount.Query(domain.Text));

    public AccountCredentials? Credentials(MailAddress address)
    {
        using var rows = _credentials.Query(address.Domain.Text, address.LocalPart);
        return rows.Read()
            ? new AccountCredentials(
                new AccountId(rows.GetInt64(0)),
                address,
                new ScramVerifier(Octets(rows, 1), rows.GetInt32(2), Octets(rows, 3), Octets(rows, 4)))
            : null;
    }

    public ImmutableArray<MailAddress> Targets(DomainName domain, string localPart)
    {
        using var rows = _targets.Query(domain.Text, localPart);
        var targets = ImmutableArray.CreateBuilder<MailAddress>();
        while (rows.Read())
        {
            targets.Add(MailAddress.Parse(rows.GetString(0)));
        }

        return targets.DrainToImmutable();
    }

    public ImmutableArray<DomainName> Domains()
    {
        using var rows = _domains.Query();
        var domains = ImmutableArray.CreateBuilder<DomainName>();
        while (rows.Read())
        {
            domains.Add(DomainName.Parse(rows.GetString(0)));
        }

        return domains.DrainToImmutable();
    }

    public ImmutableArray<AccountSummary> Accounts(DomainName? domain)
    {
        const string Order = " ORDER BY d.name, a.local_part";
        using var list = List(AccountRows, Order, domain);
        using var rows = domain is { } name ? list.Query(name.Text) : list.Query();
        var accounts = ImmutableArray.CreateBuilder<AccountSummary>();
        while (rows.Read())
        {
            var account = ReadRow(rows);
            accounts.Add(new AccountSummary(
                account.Account,
                account.Address,
                account.QuotaBytes,
                rows.GetInt64(4),
                rows.GetInt64(5),
                rows.IsDBNull(6) ? null : rows.GetInt64(6)));
        }

        return accounts.DrainToImmutable();
    }

    public ImmutableArray<Alias> Aliases(DomainName? domain)
    {
        const string Order = " ORDER BY d.name, l.local_part, l.target";
        using var list = List(AliasRows, Order, domain);
        using var rows = domain is { } name ? list.Query(name.Text) : list.Query();
        var targets = new List<(AliasSource Source, MailAddress Target)>();
        while (rows.Read())
        {
            var localPart = rows.GetString(0);
            var source = new AliasSource(
                localPart == LocalPart.CatchAll ? null : localPart, DomainName.Parse(rows.GetString(1)));
            targets.Add((source, MailAddress.Parse(rows.GetString(2))));
        }

        return [.. targets.GroupBy(row => row.Source, row => row.Target).Select(rows => new Alias(rows.Key, [.. rows]))];
    }

    private Statement List(string rows, string order, DomainName? domain) =>
        new(Connection, domain is null ? rows + order : rows + " WHERE d.name = @domain" + order);

    private static AccountInfo? ReadAccount(DbDataReader rows)
    {
        using (rows)
        {
            return rows.Read() ? ReadRow(rows) : null;
        }
    }

    private static AccountInfo ReadRow(DbDataReader rows) => new(
        new AccountId(rows.GetInt64(0)),
        new MailAddress(rows.GetString(1), DomainName.Parse(rows.GetString(2))),
        rows.IsDBNull(3) ? null : rows.GetInt64(3));

    private static ImmutableArray<byte> Octets(DbDataReader rows, int column) =>
        System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(rows.GetFieldValue<byte[]>(column));
}
