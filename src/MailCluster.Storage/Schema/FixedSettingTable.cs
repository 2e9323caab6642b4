using FluentMigrator;

namespace MailCluster.Storage.Schema;

/// <summary>Settings on which what is stored depends.</summary>
[Tags(SchemaMigrator.Mail)]
[Migration(2026_11_25_0002)]
public sealed class FixedSettingTable : Migration
{
    public override void Up() =>
        Execute.Sql("CREATE TABLE fixed_setting (name varchar(100) NOT NULL PRIMARY KEY, value text NOT NULL);");

    public override void Down() => Delete.Table("fixed_setting");
}
