using FluentMigrator;

namespace MailCluster.Storage.Schema;

/// <summary>Where the nodes of a cluster sign in.</summary>
[Tags(SchemaMigrator.Cluster)]
[Migration(2026_11_23_0005)]
public sealed class MemberTable : Migration
{
    public override void Up() => Execute.Sql("""
        CREATE TABLE cluster_member (
            address text COLLATE "C" PRIMARY KEY,
            seen_at timestamptz NOT NULL
        );
        """);

    public override void Down() => Delete.Table("cluster_member");
}
