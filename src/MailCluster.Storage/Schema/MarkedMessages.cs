using FluentMigrator;

namespace MailCluster.Storage.Schema;

/// <summary>
/// The few messages of a folder that are \Flagged or \Deleted, in an index of their own: SEARCH and EXPUNGE find them
/// without a walk through the folder, which an EXPUNGE would make while all other writers wait.
/// </summary>
[Tags(SchemaMigrator.Mail)]
[Migration(2026_11_26_0001)]
public sealed class MarkedMessages : Migration
{
    public override void Up() => Execute.Sql(
        "CREATE INDEX message_marked ON message (folder_id, uid, flags) WHERE flags & 12 <> 0;");

    public override void Down() => Delete.Index("message_marked").OnTable("message");
}
