using MailCluster.Mail.Identity;
using MailCluster.Mail.Mailboxes;
using MailCluster.Storage.Sql;

namespace MailCluster.Storage.Mailboxes;

/// <summary>What is asked of <see cref="ImportLog"/> beside its writer.</summary>
internal sealed class ImportQueries(SqlSession session)
{
    public const string Finds = "SELECT 1 FROM imported WHERE account_id = @account AND import_key = @key";

    private readonly Statement _has = session.Prepare(Finds);

    public HashSet<ImportKey> Among(AccountId account, IReadOnlyCollection<ImportKey> keys) =>
        [.. keys.Where(key => _has.Scalar(account.Value, key.ToByteArray()) is not null)];
}
