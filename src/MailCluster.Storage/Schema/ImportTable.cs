using FluentMigrator;

namespace MailCluster.Storage.Schema;

/// <summary>Which messages came from other servers, in the mail database: written with the message itself.</summary>
[Tags(SchemaMigrator.Mail)]
[Migration(2026_11_25_0041)]
public sealed class ImportTable : Migration
{
    private const string Sqlite = """
        CREATE TABLE imported (
            account_id INTEGER NOT NULL,
            import_key BLOB NOT NULL,
            imported_at INTEGER NOT NULL,
            PRIMARY KEY (account_id, import_key)
        ) WITHOUT ROWID;
        """;

    private const string Postgres = """
        CREATE TABLE imported (
            account_id bigint NOT NULL,
            import_key bytea NOT NULL,
            imported_at bigint NOT NULL,
            PRIMARY KEY (account_id, import_key)
        );
        """;

    public override void Up()
    {
        IfDatabase(ProcessorIdConstants.SQLite).Execute.Sql(Sqlite);
        IfDatabase(SchemaMigrator.IsPostgres).Execute.Sql(Postgres);
    }

    public override void Down() => Delete.Table("imported");
}
