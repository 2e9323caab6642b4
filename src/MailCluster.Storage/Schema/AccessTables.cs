using FluentMigrator;

namespace MailCluster.Storage.Schema;

/// <summary>
/// Who may do what with whose folders (RFC 4314). Account 0 is anyone. What the owner may do stands in the folder's own
/// row, so that the many folders that nobody shares cost nothing.
/// </summary>
[Tags(SchemaMigrator.Mail)]
[Migration(2026_11_25_0200)]
public sealed class AccessTables : Migration
{
    private const string Tables = """
        ALTER TABLE folder ADD COLUMN owner_rights integer NOT NULL DEFAULT 2047;
        CREATE TABLE folder_right (
            folder_id bigint NOT NULL REFERENCES folder (id),
            account_id bigint NOT NULL,
            is_negative integer NOT NULL,
            rights integer NOT NULL,
            PRIMARY KEY (folder_id, account_id, is_negative)
        );
        CREATE INDEX folder_right_account ON folder_right (account_id, folder_id);
        """;

    // Names below "Other Users/" mean the folders of others from now on: who happened to have one keeps it under another.
    private const string Rows = """
        UPDATE folder SET name = 'Other Users (own)' || substr(name, 12)
            WHERE name = 'Other Users' OR substr(name, 1, 12) = 'Other Users/';
        UPDATE subscription SET name = 'Other Users (own)' || substr(name, 12)
            WHERE name = 'Other Users' OR substr(name, 1, 12) = 'Other Users/';
        """;

    public override void Up()
    {
        Execute.Sql(Tables);
        Execute.Sql(Rows);
    }

    public override void Down() =>
        throw new NotSupportedException("Rights would be lost that owners have given: restore a backup.");
}
