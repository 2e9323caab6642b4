using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;
using MailCluster.Storage.Sql;

namespace MailCluster.Storage.Mailboxes;

/// <summary>
/// Which messages the accounts have taken from elsewhere, so that an import that was interrupted goes on where it was. It
/// stays until the account goes: some tens of octets for each imported message, and nobody else can say when a move is
/// over.
/// </summary>
internal sealed class ImportLog(SqlSession session)
{
    /// <summary>Entries removed in one transaction.</summary>
    public const int LargestRemoval = 10_000;

    private readonly Statement _has = session.Prepare(ImportQueries.Finds);

    private readonly Statement _add = session.Prepare(
        "INSERT INTO imported (account_id, import_key, imported_at) VALUES (@account, @key, @at)");

    private readonly Statement _forgetSome = session.Prepare(
        "DELETE FROM imported WHERE account_id = @account AND import_key IN"
        + " (SELECT import_key FROM imported WHERE account_id = @account LIMIT @limit)");

    public bool Has(AccountId account, ImportKey key) => _has.Scalar(account.Value, key.ToByteArray()) is not null;

    public void Add(AccountId account, ImportKey key, DateTimeOffset now) =>
        _add.Defer(account.Value, key.ToByteArray(), now.ToUnixTimeMilliseconds());

    /// <summary>A step of forgetting an account; true where nothing is left.</summary>
    public bool ForgetSome(AccountId account) => _forgetSome.Execute(account.Value, LargestRemoval) < LargestRemoval;
}
