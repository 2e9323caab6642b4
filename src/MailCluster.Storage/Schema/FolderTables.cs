using FluentMigrator;

namespace MailCluster.Storage.Schema;

/// <summary>
/// What IMAP needs beyond POP3: counters, keywords, subscriptions and computed structures. No message is rewritten, so
/// that a large table is only read once: a save date that is missing is the internal date.
/// </summary>
[Tags(SchemaMigrator.Mail)]
[Migration(2026_11_23_0101)]
public sealed class FolderTables : Migration
{
    private const string Columns = """
        ALTER TABLE account ADD COLUMN modseq bigint NOT NULL DEFAULT 1;
        ALTER TABLE account ADD COLUMN uid_validity bigint NOT NULL DEFAULT 0;
        ALTER TABLE account ADD COLUMN quota_messages bigint;
        ALTER TABLE folder ADD COLUMN messages bigint NOT NULL DEFAULT 0;
        ALTER TABLE folder ADD COLUMN unseen bigint NOT NULL DEFAULT 0;
        ALTER TABLE folder ADD COLUMN deleted bigint NOT NULL DEFAULT 0;
        ALTER TABLE folder ADD COLUMN size bigint NOT NULL DEFAULT 0;
        ALTER TABLE folder ADD COLUMN deleted_size bigint NOT NULL DEFAULT 0;
        ALTER TABLE folder ADD COLUMN keywords text NOT NULL DEFAULT '';
        ALTER TABLE folder ADD COLUMN expunged_from bigint NOT NULL DEFAULT 0;
        ALTER TABLE message ADD COLUMN save_date bigint;
        CREATE INDEX message_modseq ON message (folder_id, modseq);
        CREATE TABLE subscription (
            account_id bigint NOT NULL REFERENCES account (id),
            name text NOT NULL,
            PRIMARY KEY (account_id, name)
        );
        """;

    private const string Sqlite = """
        ALTER TABLE message ADD COLUMN thread_id BLOB;
        CREATE TABLE structure (body_id BLOB NOT NULL PRIMARY KEY, data BLOB NOT NULL);
        """;

    private const string Postgres = """
        ALTER TABLE message ADD COLUMN thread_id bytea;
        CREATE TABLE structure (body_id bytea NOT NULL PRIMARY KEY, data bytea NOT NULL);
        """;

    // Folders made together had one UIDVALIDITY, so that a renamed one could pass for another (RFC 9051 §2.3.1.1). Nobody
    // has seen that of any but the INBOX, which is the first of its account and keeps its own.
    private const string Rows = """
        UPDATE folder SET highest_modseq = 1 WHERE highest_modseq = 0;
        UPDATE folder SET uid_validity = uid_validity
            + (SELECT count(*) FROM folder f WHERE f.account_id = folder.account_id AND f.id < folder.id);
        UPDATE folder SET expunged_from = highest_modseq - 100000 WHERE highest_modseq > 100000;
        UPDATE folder SET messages = s.messages, unseen = s.unseen, deleted = s.deleted, size = s.size,
            deleted_size = s.deleted_size
            FROM (SELECT folder_id, count(*) AS messages, sum(size) AS size,
                sum(CASE WHEN flags & 1 = 0 THEN 1 ELSE 0 END) AS unseen,
                sum(CASE WHEN flags & 8 <> 0 THEN 1 ELSE 0 END) AS deleted,
                sum(CASE WHEN flags & 8 <> 0 THEN size ELSE 0 END) AS deleted_size
                FROM message GROUP BY folder_id) s
            WHERE s.folder_id = folder.id;
        UPDATE account SET
            modseq = coalesce((SELECT max(highest_modseq) FROM folder WHERE account_id = account.id), 1),
            uid_validity = coalesce((SELECT max(uid_validity) FROM folder WHERE account_id = account.id), 0);
        INSERT INTO subscription (account_id, name) SELECT account_id, name FROM folder;
        """;

    public override void Up()
    {
        Execute.Sql(Columns);
        IfDatabase(ProcessorIdConstants.SQLite).Execute.Sql(Sqlite);
        IfDatabase(SchemaMigrator.IsPostgres).Execute.Sql(Postgres);
        Execute.Sql(Rows);
    }

    public override void Down() =>
        throw new NotSupportedException("Counters would be lost that an older program does not keep: restore a backup.");
}
