using FluentMigrator;

namespace MailCluster.Storage.Schema;

/// <summary>
/// The tables of the persistence library, as its own initialization makes them, less two indexes that no query of ours
/// uses. Here, so that one command makes all tables, and a node needs no right to.
/// </summary>
[Tags(SchemaMigrator.Cluster)]
[Migration(2026_11_23_0004)]
public sealed class JournalTables : Migration
{
    // The unique key is the last fence: of two copies of a partition that both write, the second fails. JournalFence
    // closes it where rows were deleted.
    private const string Postgres = """
        CREATE TABLE journal (
            ordering bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            created bigint NOT NULL,
            deleted boolean NOT NULL,
            persistence_id varchar(255) COLLATE "C" NOT NULL,
            sequence_number bigint NOT NULL,
            message bytea NOT NULL,
            manifest varchar(500),
            identifier integer,
            writer_uuid varchar(128),
            CONSTRAINT journal_uq UNIQUE (persistence_id, sequence_number)
        ) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
        CREATE TABLE tags (
            ordering_id bigint NOT NULL,
            tag varchar(64) NOT NULL,
            sequence_nr bigint NOT NULL,
            persistence_id varchar(255) NOT NULL,
            PRIMARY KEY (ordering_id, tag)
        );
        CREATE TABLE snapshot (
            persistence_id varchar(255) COLLATE "C" NOT NULL,
            sequence_number bigint NOT NULL,
            created bigint NOT NULL,
            snapshot bytea NOT NULL,
            manifest varchar(500),
            serializer_id integer,
            PRIMARY KEY (persistence_id, sequence_number)
        );
        """;

    public override void Up() => Execute.Sql(Postgres);

    public override void Down() => Execute.Sql("DROP TABLE journal; DROP TABLE tags; DROP TABLE snapshot;");
}
