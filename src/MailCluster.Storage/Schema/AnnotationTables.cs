using FluentMigrator;

namespace MailCluster.Storage.Schema;

/// <summary>
/// Entries of METADATA, by folder, 0 for the server's. An entry that was removed stays for a while without a value, so that
/// sessions can tell that it went.
/// </summary>
[Tags(SchemaMigrator.Mail)]
[Migration(2026_11_25_0100)]
public sealed class AnnotationTables : Migration
{
    private const string Table = """
        CREATE TABLE annotation (
            account_id bigint NOT NULL REFERENCES account (id) ON DELETE CASCADE,
            folder_id bigint NOT NULL,
            name text NOT NULL,
            value {0},
            modseq bigint NOT NULL,
            PRIMARY KEY (account_id, folder_id, name)
        );
        CREATE INDEX annotation_modseq ON annotation (account_id, modseq);
        """;

    public override void Up()
    {
        IfDatabase(ProcessorIdConstants.SQLite).Execute.Sql(Of("BLOB"));
        IfDatabase(SchemaMigrator.IsPostgres).Execute.Sql(Of("bytea"));
    }

    public override void Down() => Execute.Sql("DROP TABLE annotation");

    private static string Of(string octets) => Table.Replace("{0}", octets, StringComparison.Ordinal);
}
