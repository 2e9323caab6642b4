using FluentMigrator;

namespace MailCluster.Storage.Schema;

/// <summary>Folders and messages, in the mail database, with all that IMAP needs of them.</summary>
[Tags(SchemaMigrator.Mail)]
[Migration(2026_11_23_0003)]
public sealed class MailboxTables : Migration
{
    // The short columns stand first, so that a listing rarely reads the pages into which a long prefix flows over.
    private const string Sqlite = """
        CREATE TABLE message (
            folder_id INTEGER NOT NULL REFERENCES folder (id),
            uid INTEGER NOT NULL,
            modseq INTEGER NOT NULL,
            size INTEGER NOT NULL,
            internal_date INTEGER NOT NULL,
            flags INTEGER NOT NULL,
            keywords TEXT NOT NULL,
            body_id BLOB NOT NULL,
            prefix TEXT NOT NULL,
            PRIMARY KEY (folder_id, uid)
        ) WITHOUT ROWID;
        CREATE INDEX message_body ON message (body_id);
        CREATE TABLE expunged (
            folder_id INTEGER NOT NULL REFERENCES folder (id),
            modseq INTEGER NOT NULL,
            uid INTEGER NOT NULL,
            PRIMARY KEY (folder_id, modseq, uid)
        ) WITHOUT ROWID;
        CREATE TABLE delivery (
            queue_id BLOB NOT NULL,
            account_id INTEGER NOT NULL,
            recipient TEXT NOT NULL,
            stored_at INTEGER NOT NULL,
            PRIMARY KEY (queue_id, account_id, recipient)
        ) WITHOUT ROWID;
        """;

    private const string Postgres = """
        ALTER TABLE folder ALTER COLUMN name TYPE text COLLATE "C";
        CREATE TABLE message (
            folder_id bigint NOT NULL REFERENCES folder (id),
            uid bigint NOT NULL,
            modseq bigint NOT NULL,
            size bigint NOT NULL,
            internal_date bigint NOT NULL,
            flags integer NOT NULL,
            keywords text NOT NULL,
            body_id bytea NOT NULL,
            prefix text NOT NULL,
            PRIMARY KEY (folder_id, uid)
        );
        CREATE INDEX message_body ON message (body_id);
        CREATE TABLE expunged (
            folder_id bigint NOT NULL REFERENCES folder (id),
            modseq bigint NOT NULL,
            uid bigint NOT NULL,
            PRIMARY KEY (folder_id, modseq, uid)
        );
        CREATE TABLE delivery (
            queue_id bytea NOT NULL,
            account_id bigint NOT NULL,
            recipient text COLLATE "C" NOT NULL,
            stored_at bigint NOT NULL,
            PRIMARY KEY (queue_id, account_id, recipient)
        );
        """;

    public override void Up()
    {
        Create.Table("folder")
            .WithColumn("id").AsInt64().PrimaryKey().Identity()
            .WithColumn("account_id").AsInt64().NotNullable().ForeignKey("account", "id")
            .WithColumn("name").AsString().NotNullable()
            .WithColumn("special_use").AsString().Nullable()
            .WithColumn("uid_validity").AsInt64().NotNullable()
            .WithColumn("uid_next").AsInt64().NotNullable()
            .WithColumn("highest_modseq").AsInt64().NotNullable();
        Create.Index("folder_name").OnTable("folder")
            .OnColumn("account_id").Ascending().OnColumn("name").Ascending().WithOptions().Unique();
        IfDatabase(ProcessorIdConstants.SQLite).Execute.Sql(Sqlite);
        IfDatabase(SchemaMigrator.IsPostgres).Execute.Sql(Postgres);
    }

    public override void Down()
    {
        Delete.Table("delivery");
        Delete.Table("expunged");
        Delete.Table("message");
        Delete.Table("folder");
    }
}
