using MailCluster.Mail.Addresses;
using MailCluster.Mail.Identity;
using MailCluster.Mail.Sasl;
using MailCluster.Storage.Sql;

namespace MailCluster.Storage.Directory;

/// <summary>The rows of domains, accounts and aliases, as the group writer of the mail database changes them.</summary>
internal sealed class DirectoryChanges(SqlSession session)
{
    private readonly Statement _bumpVersion = session.Prepare("UPDATE directory_version SET version = version + 1");
    private readonly Statement _domain = session.Prepare("SELECT id FROM domain WHERE name = @name");

    private readonly Statement _addDomain = session.Prepare(
        "INSERT INTO domain (name) VALUES (@name) ON CONFLICT DO NOTHING");

    private readonly Statement _removeDomain = session.Prepare("DELETE FROM domain WHERE id = @domain");

    private readonly Statement _isUsed = session.Prepare(
        "SELECT 1 WHERE EXISTS (SELECT 1 FROM account WHERE domain_id = @domain)"
        + " OR EXISTS (SELECT 1 FROM alias WHERE domain_id = @domain)");

    private readonly Statement _account = session.Prepare(
        "SELECT id FROM account WHERE domain_id = @domain AND local_part = @local");

    private readonly Statement _addAccount = session.Prepare(
        "INSERT INTO account (domain_id, local_part, salt, iterations, stored_key, server_key, quota_bytes, created_at,"
        + " used_bytes, message_count)"
        + " VALUES (@domain, @local, @salt, @iterations, @stored, @server, @quota, @at, 0, 0) RETURNING id");

    private readonly Statement _setVerifier = session.Prepare(
        "UPDATE account SET salt = @salt, iterations = @iterations, stored_key = @stored, server_key = @server"
        + " WHERE id = @account");

    private readonly Statement _setQuota = session.Prepare(
        "UPDATE account SET quota_bytes = @quota WHERE id = @account");

    private readonly Statement _setMessageLimit = session.Prepare(
        "UPDATE account SET quota_messages = @messages WHERE id = @account");

    private readonly Statement _removeFolders = session.Prepare("DELETE FROM folder WHERE account_id = @account");
    private readonly Statement _unsubscribe = session.Prepare("DELETE FROM subscription WHERE account_id = @account");
    private readonly Statement _removeAnnotations = session.Prepare("DELETE FROM annotation WHERE account_id = @account");
    private readonly Statement _removeAccount = session.Prepare("DELETE FROM account WHERE id = @account");

    private readonly Statement _isAlias = session.Prepare(
        "SELECT 1 FROM alias WHERE domain_id = @domain AND local_part = @local LIMIT 1");

    private readonly Statement _addTarget = session.Prepare(
        "INSERT INTO alias (domain_id, local_part, target) VALUES (@domain, @local, @target) ON CONFLICT DO NOTHING");

    private readonly Statement _removeTarget = session.Prepare(
        "DELETE FROM alias WHERE domain_id = @domain AND local_part = @local AND target IN (@target, @written)");

    private readonly Statement _removeAlias = session.Prepare(
        "DELETE FROM alias WHERE domain_id = @domain AND local_part = @local");

    /// <summary>
    /// Every change begins with this. The caches of all nodes learn of it, and changes of several nodes follow one another:
    /// each sees all that those before it did.
    /// </summary>
    public void BumpVersion() => _bumpVersion.Defer();

    public long? Domain(DomainName domain) => (long?)_domain.Scalar(domain.Text);

    public bool AddDomain(DomainName domain) => _addDomain.Execute(domain.Text) == 1;

    public bool IsUsed(long domain) => _isUsed.Scalar(domain) is not null;

    public void RemoveDomain(long domain) => _removeDomain.Execute(domain);

    public AccountId? Account(long domain, string localPart) =>
        _account.Scalar(domain, localPart) is long id ? new AccountId(id) : null;

    public AccountId AddAccount(
        long domain, string localPart, ScramVerifier verifier, long? quotaBytes, DateTimeOffset now) =>
        new((long)_addAccount.Scalar(
            domain,
            localPart,
            Octets(verifier.Salt),
            verifier.Iterations,
            Octets(verifier.StoredKey),
            Octets(verifier.ServerKey),
            quotaBytes,
            now.ToUnixTimeMilliseconds())!);

    public void SetVerifier(AccountId account, ScramVerifier verifier) => _setVerifier.Execute(
        Octets(verifier.Salt),
        verifier.Iterations,
        Octets(verifier.StoredKey),
        Octets(verifier.ServerKey),
        account.Value);

    public void SetQuota(AccountId account, long? quotaBytes) => _setQuota.Execute(quotaBytes, account.Value);

    public void SetMessageLimit(AccountId account, long? messages) => _setMessageLimit.Execute(messages, account.Value);

    /// <summary>Removes an account and its folders, which must be empty and without rights.</summary>
    public void RemoveAccount(AccountId account)
    {
        _removeFolders.Execute(account.Value);
        _unsubscribe.Execute(account.Value);
        _removeAnnotations.Execute(account.Value);
        _removeAccount.Execute(account.Value);
    }

    public bool IsAlias(long domain, string localPart) => _isAlias.Scalar(domain, localPart) is not null;

    public void AddTarget(long domain, string localPart, MailAddress target) =>
        _addTarget.Execute(domain, localPart, target.ToString());

    /// <summary>Removes a target in either spelling; returns how many there were.</summary>
    public int RemoveTarget(long domain, string localPart, MailAddress target, MailAddress asWritten) =>
        _removeTarget.Execute(domain, localPart, target.ToString(), asWritten.ToString());

    /// <summary>Removes all targets; returns how many there were.</summary>
    public int RemoveAlias(long domain, string localPart) => _removeAlias.Execute(domain, localPart);

    private static byte[] Octets(System.Collections.Immutable.ImmutableArray<byte> octets) => octets.AsSpan().ToArray();
}
