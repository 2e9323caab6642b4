using FluentMigrator;

namespace MailCluster.Storage.Schema;

/// <summary>The tables of the spool's database.</summary>
[Tags(SchemaMigrator.Spool)]
[Migration(2026_11_23_0001)]
public sealed class SpoolTables : Migration
{
    // body is small and chunk is large, so that listing ids reads no octets. WITHOUT ROWID makes the id the only B-tree
    // of its table: half the pages to write for each message.
    private const string Sqlite = """
        CREATE TABLE body (
            id BLOB NOT NULL PRIMARY KEY,
            state INTEGER NOT NULL,
            size INTEGER NOT NULL,
            place INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE chunk (
            place INTEGER NOT NULL PRIMARY KEY,
            octets BLOB NOT NULL
        );
        """;

    public override void Up() => IfDatabase(ProcessorIdConstants.SQLite).Execute.Sql(Sqlite);

    public override void Down()
    {
        Delete.Table("chunk");
        Delete.Table("body");
    }
}
