using FluentMigrator;

namespace MailCluster.Storage.Schema;

/// <summary>Domains, accounts and aliases, in the mail database.</summary>
[Tags(SchemaMigrator.Mail)]
[Migration(2026_11_23_0002)]
public sealed class DirectoryTables : Migration
{
    public override void Up()
    {
        Create.Table("directory_version").WithColumn("version").AsInt64().NotNullable();
        Insert.IntoTable("directory_version").Row(new { version = 1L });
        Create.Table("domain")
            .WithColumn("id").AsInt64().PrimaryKey().Identity()
            .WithColumn("name").AsString().NotNullable().Unique("domain_name");
        CreateAccount();
        Create.Table("alias")
            .WithColumn("domain_id").AsInt64().NotNullable().PrimaryKey().ForeignKey("domain", "id")
            .WithColumn("local_part").AsString().NotNullable().PrimaryKey()
            .WithColumn("target").AsString().NotNullable().PrimaryKey();
        // Names are compared and sorted by octets, as SQLite does, whatever language the server speaks.
        IfDatabase(SchemaMigrator.IsPostgres).Execute.Sql("""
            ALTER TABLE domain ALTER COLUMN name TYPE text COLLATE "C";
            ALTER TABLE account ALTER COLUMN local_part TYPE text COLLATE "C";
            ALTER TABLE alias ALTER COLUMN local_part TYPE text COLLATE "C", ALTER COLUMN target TYPE text COLLATE "C";
            """);
    }

    public override void Down()
    {
        Delete.Table("alias");
        Delete.Table("account");
        Delete.Table("domain");
        Delete.Table("directory_version");
    }

    private void CreateAccount()
    {
        // Ids are never given twice (Identity): mail that a slow node still brings must not reach a stranger.
        Create.Table("account")
            .WithColumn("id").AsInt64().PrimaryKey().Identity()
            .WithColumn("domain_id").AsInt64().NotNullable().ForeignKey("domain", "id")
            .WithColumn("local_part").AsString().NotNullable()
            .WithColumn("salt").AsBinary().NotNullable()
            .WithColumn("iterations").AsInt32().NotNullable()
            .WithColumn("stored_key").AsBinary().NotNullable()
            .WithColumn("server_key").AsBinary().NotNullable()
            .WithColumn("quota_bytes").AsInt64().Nullable()
            .WithColumn("used_bytes").AsInt64().NotNullable()
            .WithColumn("message_count").AsInt64().NotNullable()
            .WithColumn("created_at").AsInt64().NotNullable();
        Create.Index("account_name").OnTable("account")
            .OnColumn("domain_id").Ascending().OnColumn("local_part").Ascending().WithOptions().Unique();
    }
}
